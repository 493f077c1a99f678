//! Writes an order of checks down as the list it is. Knows no rule.

/// The status of the first condition that holds. Later conditions are not looked at, so each may rely on those
/// before it.
macro_rules! first {
    ($($condition:expr => $status:expr,)+) => {
        'checks: {
            $(
                if $condition {
                    break 'checks Some($status);
                }
            )+
            None
        }
    };
}
pub(super) use first;
