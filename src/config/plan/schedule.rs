//! When a job should run: windows, times, days and zones.

/// One entry of `schedule`: on each of its days from `start` to `stop`. A window that stops no later than it starts ends on the
/// next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// When it opens; nothing: with the day.
    pub start: Option<TimeOfDay>,
    /// When it closes; nothing: with the day.
    pub stop: Option<TimeOfDay>,
    /// On which days it opens.
    pub days: WeekDays,
    /// Where these times are meant.
    pub zone: Zone,
}

/// A time of the day, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(pub jiff::civil::Time);

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekDays {
    /// Bit 0 is Monday, bit 6 is Sunday; never empty.
    pub bits: u8,
}

impl WeekDays {
    /// Every day.
    pub const ALL: Self = Self { bits: 0x7f };

    /// Whether it is among them.
    pub fn has(self, day: jiff::civil::Weekday) -> bool {
        self.bits & (1 << day.to_monday_zero_offset()) != 0
    }
}

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// As the file has it: `local`, `Europe/Berlin`.
    pub name: String,
    /// Its rules.
    pub rules: jiff::tz::TimeZone,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: jiff::tz::TimeZone::UTC }
    }
}
