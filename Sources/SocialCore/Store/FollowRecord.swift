// What is kept of one account following another; the edge lives in the follower's slot.

/// A follow edge.
package struct FollowRecord: Equatable, Hashable, Sendable {
    /// Who follows.
    package var follower: UserID
    /// Who is followed.
    package var followee: UserID
    /// Since when.
    package var since: Timestamp

    /// A follow edge.
    package init(follower: UserID, followee: UserID, since: Timestamp) {
        self.follower = follower
        self.followee = followee
        self.since = since
    }
}
