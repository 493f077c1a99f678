use super::unix_seconds;

#[test]
fn dates_become_seconds() {
    for (digits, offset, seconds) in [
        ("19700101000000", 0, Some(0)),
        ("19700101080000", 8, Some(0)),
        ("20000229000000", 0, Some(951_782_400)),
        ("20261122221844", 0, Some(1_795_385_924)),
        ("20251231", 8, Some(1_767_196_799)),
        ("291231235959", 8, Some(1_893_427_199)),
        ("20250229", 0, None),
        ("21000229", 0, None),
        ("20251301", 0, None),
        ("20250100", 0, None),
        ("20250101240000", 0, None),
        ("20250101006000", 0, None),
        ("20250101000060", 0, None),
        ("2025010", 0, None),
        ("2025010a", 0, None),
        ("", 0, None),
    ] {
        assert_eq!(unix_seconds(digits, offset), seconds, "{digits}");
    }
}
