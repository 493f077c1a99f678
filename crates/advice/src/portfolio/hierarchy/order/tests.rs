use super::*;
use crate::portfolio::hierarchy::{Linkage, merges};
use crate::random::Random;

fn length(distance: &Matrix, line: &[usize]) -> f64 {
    line.windows(2).map(|pair| distance.at(pair[0], pair[1])).sum()
}

/// Every way of turning every merge.
fn shortest(distance: &Matrix, merges: &[(usize, usize)]) -> f64 {
    let n = distance.rows();
    let lines = |mask: usize| {
        let mut lines: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
        for (k, (a, b)) in merges.iter().enumerate() {
            let (a, b) = if mask >> k & 1 == 0 { (*a, *b) } else { (*b, *a) };
            lines.push([lines[a].clone(), lines[b].clone()].concat());
        }
        lines.pop().unwrap()
    };
    (0..1 << merges.len()).map(|mask| length(distance, &lines(mask))).fold(f64::INFINITY, f64::min)
}

#[test]
fn the_optimal_line_is_the_shortest_the_tree_allows() {
    let mut random = Random::new(11);
    let mut turned_longer = 0;
    for round in 0..60 {
        let n = 2 + round % 8;
        let points: Vec<(f64, f64)> = (0..n).map(|_| (random.unit(), random.unit())).collect();
        let mut distance = Matrix::zeros(n, n);
        for i in 0..n {
            for j in 0..n {
                let (x, y) = (points[i].0 - points[j].0, points[i].1 - points[j].1);
                distance.set(i, j, (x * x + y * y).sqrt());
            }
        }
        let merges = merges(&distance, Linkage::Average);
        let best = shortest(&distance, &merges);
        assert!((length(&distance, &optimal(&distance, &merges)) - best).abs() < 1e-12, "{round}");
        for line in [optimal(&distance, &merges), turned(&distance, &merges), tree(n, &merges)] {
            let mut sorted = line.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..n).collect::<Vec<_>>());
            assert!(length(&distance, &line) >= best - 1e-12);
        }
        turned_longer += usize::from(length(&distance, &turned(&distance, &merges)) > best + 1e-9);
    }
    assert!(turned_longer > 0, "turning whole parts is a different definition");
}
