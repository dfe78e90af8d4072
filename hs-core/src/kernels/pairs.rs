//! Words numbered in the order in which they first come: a small open hash table.
#![allow(clippy::indexing_slicing)] // places are masked by the length of the table

use super::no_memory;
use crate::Result;

const NONE: u32 = u32::MAX;

/// Numbers words from 0 on.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    /// The words, by number.
    words: Vec<u64>,
    /// Number of the word at a place; a power of two, at most half full.
    table: Vec<u32>,
    /// The word last met under a hint, and its number.
    recent: Vec<(u64, u32)>,
}

/// Two halves of a word.
#[inline]
pub fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// The halves of a word.
#[inline]
pub fn halves(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, word as u32)
}

impl Pairs {
    /// The words, by number.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Number of a word, the next one where it is new.
    #[inline]
    pub fn number(&mut self, word: u64) -> u32 {
        if !self.table.is_empty() {
            let mask = self.table.len() - 1;
            let mut place = spread(word) & mask;
            loop {
                match self.table[place] {
                    NONE => break,
                    number if self.words[number as usize] == word => return number,
                    _ => place = (place + 1) & mask,
                }
            }
        }
        self.insert(word)
    }

    /// As [`Pairs::number`], where a hint (a small number) mostly has one word: a look by address comes first.
    #[inline]
    pub fn hinted(&mut self, word: u64, hint: u32) -> u32 {
        match self.recent.get(hint as usize) {
            Some((known, number)) if *known == word && *number != NONE => *number,
            _ => self.remember(word, hint as usize),
        }
    }

    #[cold]
    #[inline(never)]
    fn remember(&mut self, word: u64, hint: usize) -> u32 {
        let number = self.number(word);
        if hint >= self.recent.len() {
            self.recent.resize((hint + 1).next_power_of_two(), (0, NONE));
        }
        self.recent[hint] = (word, number);
        number
    }

    #[cold]
    #[inline(never)]
    fn insert(&mut self, word: u64) -> u32 {
        let number = self.words.len() as u32;
        self.words.push(word);
        if self.words.len() * 2 > self.table.len() {
            self.table = vec![NONE; (self.table.len() * 2).max(64)];
            for number in 0..self.words.len() {
                self.place(number as u32);
            }
        } else {
            self.place(number);
        }
        number
    }

    fn place(&mut self, number: u32) {
        let mask = self.table.len() - 1;
        let mut place = spread(self.words[number as usize]) & mask;
        while self.table[place] != NONE {
            place = (place + 1) & mask;
        }
        self.table[place] = number;
    }

    /// Makes room for that many more words.
    ///
    /// # Errors
    /// Where the memory is not to be had.
    pub fn reserve(&mut self, words: usize) -> Result<()> {
        self.words.try_reserve(words).map_err(|_| no_memory(words, size_of::<u64>()))
    }
}

/// Fibonacci hashing, the high bits brought down.
#[inline]
fn spread(word: u64) -> usize {
    let mixed = (word ^ word >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_given_in_order_and_kept() {
        let mut pairs = Pairs::default();
        for round in 0..2 {
            for i in 0..10_000u64 {
                assert_eq!(pairs.number(i * i * 0x1_0000_0001 + 7), i as u32, "{round}");
            }
        }
        for i in (0..10_000u64).rev().chain(0..100) {
            assert_eq!(pairs.hinted(i * i * 0x1_0000_0001 + 7, i as u32 % 100), i as u32);
        }
        assert_eq!(pairs.words().len(), 10_000);
        assert_eq!(halves(pair(3, 9)), (3, 9));
    }
}
