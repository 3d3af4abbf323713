//! The pages, one folder or file for each station of the material.

pub mod inbox;
pub mod issue_notes;
pub mod login;
pub mod lots;
pub mod masterdata;
pub mod orders;
pub mod people;
pub mod picks;
pub mod portal;
pub mod receipts;
pub mod requisitions;
pub mod shell;
pub mod stock;
