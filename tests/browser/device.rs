//! What a person holds in the hand: screen, fingers or mouse, language, and the looks they asked their system for.

/// One person's device and settings.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    /// Width of the viewport in CSS pixels.
    pub(crate) width: u32,
    /// Height of the viewport in CSS pixels.
    pub(crate) height: u32,
    /// A touch screen without mouse, as on a phone.
    pub(crate) is_touch: bool,
    /// The system is set to dark.
    pub(crate) is_dark: bool,
    /// The system is set to less motion.
    pub(crate) has_reduced_motion: bool,
    /// The system forces its own few colours (Windows' contrast themes).
    pub(crate) has_forced_colours: bool,
    /// The browser's first language.
    pub(crate) locale: &'static str,
}

impl Device {
    /// The narrowest phone that is still in use.
    pub(crate) fn small_phone() -> Self {
        Self {
            width: 320,
            height: 568,
            ..Self::phone()
        }
    }

    /// A common phone.
    pub(crate) fn phone() -> Self {
        Self {
            width: 375,
            height: 667,
            is_touch: true,
            is_dark: false,
            has_reduced_motion: false,
            has_forced_colours: false,
            locale: "en-GB",
        }
    }

    /// A laptop.
    pub(crate) fn laptop() -> Self {
        Self {
            width: 1280,
            height: 800,
            is_touch: false,
            ..Self::phone()
        }
    }

    /// The same with the system set to dark.
    pub(crate) fn dark(self) -> Self {
        Self {
            is_dark: true,
            ..self
        }
    }

    /// The same with the browser in another language.
    pub(crate) fn speaking(self, locale: &'static str) -> Self {
        Self { locale, ..self }
    }

    /// The same with the system set to less motion.
    pub(crate) fn still(self) -> Self {
        Self {
            has_reduced_motion: true,
            ..self
        }
    }

    /// The same with forced colours.
    pub(crate) fn in_forced_colours(self) -> Self {
        Self {
            has_forced_colours: true,
            ..self
        }
    }
}
