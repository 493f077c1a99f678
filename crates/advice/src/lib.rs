//! Investment advice that can be recomputed: suitability, construction, projection, explanation. Knows neither HTTP nor storage.
