//! Currencies, amounts in minor units, exact rates and named roundings. Knows neither time nor parties.
