//! Frames drawn from views, keys in and the frame out.

#[path = "ui/beside.rs"]
mod beside;
#[path = "ui/build.rs"]
mod build;
#[path = "ui/events.rs"]
mod events;
#[path = "ui/everywhere.rs"]
mod everywhere;
#[path = "ui/filters.rs"]
mod filters;
#[path = "ui/frames.rs"]
mod frames;
#[path = "ui/gone.rs"]
mod gone;
#[path = "ui/keys.rs"]
mod keys;
#[path = "ui/live.rs"]
mod live;
#[path = "ui/margin.rs"]
mod margin;
#[path = "ui/merged.rs"]
mod merged;
#[path = "ui/overview.rs"]
mod overview;
#[path = "ui/palette.rs"]
mod palette;
#[path = "ui/pointing.rs"]
mod pointing;
#[path = "ui/random.rs"]
mod random;
#[path = "ui/readme.rs"]
mod readme;
#[path = "ui/remap.rs"]
mod remap;
#[path = "ui/searching.rs"]
mod searching;
#[path = "ui/select.rs"]
mod select;
#[path = "ui/supervision.rs"]
mod supervision;
