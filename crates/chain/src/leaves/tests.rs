//! Leaves from memory and file.

use super::*;

#[test]
fn leaves_come_back_from_memory_and_file() {
    let path = std::env::temp_dir().join(format!("leaves-{}", std::process::id()));
    for mut leaves in [Leaves::in_memory(), Leaves::in_file(&path).unwrap()] {
        for number in 0..2_000_u32 {
            leaves.append(&vec![number as u8; (number % 300) as usize]).unwrap();
        }
        for number in [0_u32, 1, 7, 299, 300, 1_234, 1_999] {
            let leaf = leaves.leaf(u64::from(number)).unwrap().unwrap();
            assert_eq!(leaf, vec![number as u8; (number % 300) as usize]);
        }
        assert_eq!(leaves.leaf(2_000).unwrap(), None);
        leaves.append(b"more").unwrap();
        assert_eq!(leaves.leaf(2_000).unwrap().unwrap(), b"more");
    }
    std::fs::remove_file(path).unwrap();
}
