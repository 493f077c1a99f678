//! Dense matrices with one written order of summation, and the Cholesky factor. It knows no finance.

/// A dense matrix, row after row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Matrix {
        Matrix { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// A matrix from its rows' values; `None` if the count does not fit.
    pub fn try_new(rows: usize, columns: usize, values: Vec<f64>) -> Option<Matrix> {
        (Some(values.len()) == rows.checked_mul(columns)).then_some(Matrix { rows, columns, values })
    }

    /// The square matrix with `diagonal` and zeros elsewhere.
    pub fn diagonal(diagonal: &[f64]) -> Matrix {
        let mut matrix = Matrix::zeros(diagonal.len(), diagonal.len());
        for (i, value) in diagonal.iter().enumerate() {
            matrix.set(i, i, *value);
        }
        matrix
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// One row.
    #[inline]
    pub fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.columns..(i + 1) * self.columns]
    }

    /// One row, to change.
    #[inline]
    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.values[i * self.columns..(i + 1) * self.columns]
    }

    /// One entry.
    #[inline]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.values[i * self.columns + j]
    }

    /// Changes one entry.
    #[inline]
    pub fn set(&mut self, i: usize, j: usize, value: f64) {
        self.values[i * self.columns + j] = value;
    }

    /// All values, row after row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Every entry times `factor`.
    pub fn scaled(mut self, factor: f64) -> Matrix {
        self.values.iter_mut().for_each(|v| *v *= factor);
        self
    }

    /// The matrix times a vector.
    pub fn times(&self, x: &[f64]) -> Vec<f64> {
        (0..self.rows).map(|i| dot(self.row(i), x)).collect()
    }

    /// x'Mx, not below zero for the covariance matrices it is meant for.
    pub fn quadratic(&self, x: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (i, xi) in x.iter().enumerate() {
            if *xi != 0.0 {
                sum += xi * dot(self.row(i), x);
            }
        }
        sum.max(0.0)
    }

    /// The square matrix of the given rows and columns, in that order.
    pub fn part(&self, places: &[usize]) -> Matrix {
        let values = places.iter().flat_map(|i| places.iter().map(|j| self.at(*i, *j))).collect();
        Matrix { rows: places.len(), columns: places.len(), values }
    }

    /// The lower Cholesky factor, or the place of the first pivot that is not positive relative to its diagonal.
    pub fn cholesky(&self) -> Result<Cholesky, usize> {
        let n = self.rows;
        let mut factor = self.clone();
        for i in 0..n {
            for j in 0..=i {
                let (a, b) = (&factor.values[i * n..i * n + j], &factor.values[j * n..j * n + j]);
                let value = self.at(i, j) - dot(a, b);
                if i == j {
                    if value.is_nan() || value <= self.at(i, i).abs() * 1e-14 {
                        return Err(i);
                    }
                    factor.set(i, i, value.sqrt());
                } else {
                    let pivot = factor.at(j, j);
                    factor.set(i, j, value / pivot);
                }
            }
        }
        Ok(Cholesky(factor))
    }
}

/// The lower triangular factor of a positive definite matrix.
#[derive(Debug, Clone)]
pub struct Cholesky(Matrix);

impl Cholesky {
    /// Solves M x = b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let factor = &self.0;
        let n = factor.rows;
        let mut x = b.to_vec();
        for i in 0..n {
            x[i] = (x[i] - dot(&factor.row(i)[..i], &x[..i])) / factor.at(i, i);
        }
        for i in (0..n).rev() {
            x[i] /= factor.at(i, i);
            let xi = x[i];
            for (target, l) in x[..i].iter_mut().zip(factor.row(i)) {
                *target -= l * xi;
            }
        }
        x
    }
}

/// Sum of products in four lanes, then the lanes pairwise: the same order whatever the machine's vector width.
#[inline]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let length = a.len().min(b.len());
    let (a_four, a_rest) = a[..length].as_chunks::<4>();
    let (b_four, b_rest) = b[..length].as_chunks::<4>();
    let mut lanes = [0.0; 4];
    for (x, y) in a_four.iter().zip(b_four) {
        for lane in 0..4 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    let mut rest = 0.0;
    for (x, y) in a_rest.iter().zip(b_rest) {
        rest += x * y;
    }
    ((lanes[0] + lanes[2]) + (lanes[1] + lanes[3])) + rest
}

/// Sum in the same lanes as [`dot`].
pub fn sum(a: &[f64]) -> f64 {
    let (four, rest) = a.as_chunks::<4>();
    let mut lanes = [0.0; 4];
    for x in four {
        for lane in 0..4 {
            lanes[lane] += x[lane];
        }
    }
    ((lanes[0] + lanes[2]) + (lanes[1] + lanes[3])) + rest.iter().fold(0.0, |s, x| s + x)
}
