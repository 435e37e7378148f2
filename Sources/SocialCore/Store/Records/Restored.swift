// What comes of a row or a record that is put where it stood in another network.

/// What has become of a row or a record of an export.
package enum Restored: Sendable {
    /// It is stored now and was not before.
    case added
    /// It was there.
    case present
    /// Another one stands in its place, and stays.
    case differs
}
