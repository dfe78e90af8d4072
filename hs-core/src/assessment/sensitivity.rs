//! What may leave: the one gate of every export.

use super::{Assessment, Sensitivity};
use crate::{Error, ErrorKind, Result, shown};

impl Assessment {
    /// Whether a report, file or table of this assessment may be written, given what the user acknowledged.
    ///
    /// A restricted or strict assessment leaves only when the acknowledgement names its class. Every export asks here first.
    ///
    /// # Errors
    /// `Sensitivity` where the class asks for an acknowledgement and none, or that of another class, is given.
    pub fn allow_export(&self, acknowledgement: Option<&str>) -> Result<()> {
        allow_export(&self.id, self.sensitivity, acknowledgement)
    }
}

/// The same for what was made from the assessment of that id and class.
pub(crate) fn allow_export(id: &str, class: Option<Sensitivity>, acknowledgement: Option<&str>) -> Result<()> {
    let class = match class {
        Some(class @ (Sensitivity::Restricted | Sensitivity::Strict)) => class.word(),
        _ => return Ok(()),
    };
    match acknowledgement {
        Some(word) if word == class => Ok(()),
        given => {
            let found = given.map_or("none was given".into(), |word| format!("found `{}`", shown(word)));
            let message = format!("assessment `{}` is {class}: wanted the acknowledgement `{class}`, {found}", shown(id));
            Err(Error::new(ErrorKind::Sensitivity, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_acknowledgement_names_the_class() {
        let mut assessment = Assessment::from_json(r#"{"schema": "human-security/1", "id": "a", "title": "A"}"#).unwrap();
        assert!(assessment.allow_export(None).is_ok());
        assessment.sensitivity = Some(Sensitivity::Internal);
        assert!(assessment.allow_export(None).is_ok());
        for (class, other) in [(Sensitivity::Restricted, "strict"), (Sensitivity::Strict, "restricted")] {
            assessment.sensitivity = Some(class);
            for wrong in [None, Some(""), Some(other), Some("yes")] {
                assert_eq!(assessment.allow_export(wrong).unwrap_err().kind, ErrorKind::Sensitivity);
            }
            assert!(assessment.allow_export(Some(class.word())).is_ok());
        }
    }
}
