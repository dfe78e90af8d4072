//! Someone who adds and subtracts what is shown, and knows how the sets of people lie to each other.

/// The people whom sums and differences of the sets single out, alone or by two, least first; sets that are shown are 0 or 1 by person.
pub(crate) fn singled_out(people: usize, shown: &[Vec<bool>]) -> Option<Vec<usize>> {
    let mut solved: Vec<(usize, Vec<f64>)> = Vec::new();
    let reduce = |row: &mut Vec<f64>, solved: &[(usize, Vec<f64>)]| {
        for (pivot, other) in solved {
            let by = row[*pivot];
            row.iter_mut().zip(other).for_each(|(x, y)| *x -= by * y);
        }
    };
    for set in shown {
        let mut row: Vec<f64> = set.iter().map(|inside| f64::from(u8::from(*inside))).collect();
        reduce(&mut row, &solved);
        let Some(pivot) = (0..people).find(|at| row[*at].abs() > 1e-7) else { continue };
        let by = row[pivot];
        row.iter_mut().for_each(|x| *x /= by);
        for (_, other) in &mut solved {
            let by = other[pivot];
            other.iter_mut().zip(&row).for_each(|(x, y)| *x -= by * y);
        }
        solved.push((pivot, row));
    }
    let told = |who: &[usize]| {
        let mut row = vec![0.0; people];
        who.iter().for_each(|at| row[*at] = 1.0);
        reduce(&mut row, &solved);
        row.iter().all(|x| x.abs() < 1e-7)
    };
    let alone = (0..people).map(|at| vec![at]);
    alone.chain((0..people).flat_map(|a| (a + 1..people).map(move |b| vec![a, b]))).find(|who| told(who))
}

#[test]
fn two_who_are_left_are_found() {
    let set = |who: &[usize]| (0..9).map(|at| who.contains(&at)).collect::<Vec<bool>>();
    let (all, six) = (set(&[0, 1, 2, 3, 4, 5, 6, 7, 8]), set(&[0, 1, 2, 3, 4, 5]));
    assert_eq!(singled_out(9, &[all.clone(), six.clone()]), None);
    assert_eq!(singled_out(9, &[all, six, set(&[6])]), Some(vec![6]));
    // 6 - 4 tells two
    assert_eq!(singled_out(9, &[set(&[0, 1, 2, 3, 4, 5]), set(&[0, 1, 2, 3])]), Some(vec![4, 5]));
}
