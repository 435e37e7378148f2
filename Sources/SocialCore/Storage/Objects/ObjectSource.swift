// The bytes of an object that is to be stored.

/// Takes the next bytes of an object.
package typealias ObjectSink = (ArraySlice<UInt8>) throws -> Void

/// Where the bytes of an object come from.
package enum ObjectSource {
    /// Bytes in memory.
    case bytes([UInt8])
    /// Bytes that come in pieces: the closure hands one after the other to what it is given, and returns after the
    /// last. It may be called on any thread, and is called once.
    case stream((ObjectSink) throws -> Void)
}

/// An object that is stored.
package struct StoredObject: Hashable, Sendable {
    /// Its name.
    package let hash: ObjectHash
    /// By which its parts are proved.
    package let checks: BlockChecks
    /// Whether it was not at its home before.
    package let isNew: Bool

    /// The size of the object.
    package var sizeBytes: Int { checks.sizeBytes }
}
