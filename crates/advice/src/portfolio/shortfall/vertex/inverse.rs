//! The inverse of a small dense matrix. It serves the walk only.

use crate::matrix::Matrix;

/// The inverse by Gauss-Jordan with row exchanges; `None` if singular.
pub(super) fn inverted(matrix: &Matrix) -> Option<Matrix> {
    let n = matrix.rows();
    let mut work = matrix.clone();
    let mut inverse = Matrix::diagonal(&vec![1.0; n]);
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if work.at(i, k).abs() > work.at(pivot, k).abs() {
                pivot = i;
            }
        }
        if work.at(pivot, k).abs() < 1e-13 {
            return None;
        }
        for matrix in [&mut work, &mut inverse] {
            if pivot != k {
                let (a, b) = (matrix.row(k).to_vec(), matrix.row(pivot).to_vec());
                matrix.row_mut(k).copy_from_slice(&b);
                matrix.row_mut(pivot).copy_from_slice(&a);
            }
        }
        let scale = 1.0 / work.at(k, k);
        work.row_mut(k).iter_mut().for_each(|v| *v *= scale);
        inverse.row_mut(k).iter_mut().for_each(|v| *v *= scale);
        let (work_row, inverse_row) = (work.row(k).to_vec(), inverse.row(k).to_vec());
        for i in (0..n).filter(|i| *i != k) {
            let factor = work.at(i, k);
            if factor != 0.0 {
                work.row_mut(i).iter_mut().zip(&work_row).for_each(|(v, w)| *v -= factor * w);
                inverse.row_mut(i).iter_mut().zip(&inverse_row).for_each(|(v, w)| *v -= factor * w);
            }
        }
    }
    Some(inverse)
}
