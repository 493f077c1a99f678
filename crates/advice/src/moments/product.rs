//! The matrix of all sums of products of columns: where an optimisation from raw returns spends its time. Lanes and
//! blocks are fixed, so wider registers change the speed and not one bit.

use crate::matrix::Matrix;

const BLOCK: usize = 512; // periods a block, so that the columns of one pass stay in the nearest caches
const TILE: usize = 4;

/// Sums of products of every two columns of equal length.
pub(crate) fn cross_products(columns: &[Vec<f64>]) -> Matrix {
    let n = columns.len();
    let periods = columns.first().map_or(0, Vec::len);
    let mut matrix = Matrix::zeros(n, n);
    let mut start = 0;
    while start < periods {
        let end = (start + BLOCK).min(periods);
        for i in (0..n).step_by(TILE) {
            for j in (0..=i).step_by(TILE) {
                add_tile(columns, &mut matrix, (i, j), (start, end));
            }
        }
        start = end;
    }
    for i in 0..n {
        for j in 0..i {
            let value = matrix.at(i, j);
            matrix.set(j, i, value);
        }
    }
    matrix
}

/// Adds the products of up to four columns with up to four others over a block of periods.
fn add_tile(columns: &[Vec<f64>], matrix: &mut Matrix, (i, j): (usize, usize), (start, end): (usize, usize)) {
    let n = columns.len();
    // Beyond the last column the last is taken again; its products are not stored.
    let pick = |first: usize| [0, 1, 2, 3].map(|k| &columns[(first + k).min(n - 1)][start..end]);
    let (left, right) = (pick(i), pick(j));
    // Two by two: four sums of four lanes and what they are made of fit the sixteen registers of the common machine.
    for quarter in 0..4 {
        let (up, across) = (quarter / 2 * 2, quarter % 2 * 2);
        if i + up >= n || j + across > i + up + 1 {
            continue;
        }
        let sums = pair_with_pair([left[up], left[up + 1]], [right[across], right[across + 1]]);
        for (a, row) in sums.iter().enumerate() {
            for (b, value) in row.iter().enumerate() {
                let (row, column) = (i + up + a, j + across + b);
                if row < n && column <= row {
                    let total = matrix.at(row, column) + value;
                    matrix.set(row, column, total);
                }
            }
        }
    }
}

#[inline]
fn pair_with_pair(left: [&[f64]; 2], right: [&[f64]; 2]) -> [[f64; 2]; 2] {
    let l = left.map(|column| column.as_chunks::<4>());
    let r = right.map(|column| column.as_chunks::<4>());
    let mut lanes = [[[0.0f64; 4]; 2]; 2];
    let chunks = l[0].0.iter().zip(l[1].0).zip(r[0].0).zip(r[1].0);
    for (((l0, l1), r0), r1) in chunks {
        for lane in 0..4 {
            lanes[0][0][lane] += l0[lane] * r0[lane];
            lanes[0][1][lane] += l0[lane] * r1[lane];
            lanes[1][0][lane] += l1[lane] * r0[lane];
            lanes[1][1][lane] += l1[lane] * r1[lane];
        }
    }
    let mut sums = [[0.0; 2]; 2];
    for a in 0..2 {
        for b in 0..2 {
            let s = lanes[a][b];
            let rest = l[a].1.iter().zip(r[b].1).fold(0.0, |sum, (x, y)| sum + x * y);
            sums[a][b] = ((s[0] + s[2]) + (s[1] + s[3])) + rest;
        }
    }
    sums
}
