// One access, as whoever counts it knows it.

/// One access.
package struct CountedAccess: Sendable {
    /// What was accessed.
    package var resource: AccessedResource
    /// How.
    package var kind: AccessKind
    /// By whom.
    package var audience: Audience
    /// Whose access it was, as far as that is known.
    package var viewer: ViewerKey?
    /// When.
    package var time: Timestamp
    /// Bytes, or milliseconds of a film; what that is depends on the kind.
    package var amount: Int64

    /// One access.
    package init(
        _ resource: AccessedResource, _ kind: AccessKind, viewer: ViewerKey?, at time: Timestamp,
        audience: Audience = .people, amount: Int64 = 0
    ) {
        self.resource = resource
        self.kind = kind
        self.audience = audience
        self.viewer = viewer
        self.time = time
        self.amount = amount
    }
}
