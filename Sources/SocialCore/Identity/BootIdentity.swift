// Which boot of the machine this is. What a killed process wrote through a mapping survives until the machine goes
// down, so a mapped file that was written under this boot is whole, and one of an earlier boot may not be.

internal import Glibc

/// Which boot it is: the machine's, or a fixed one, so that tests can pretend a reboot.
package enum BootSource: Sendable {
    case system
    case fixed(UInt64)

    /// A number that differs between boots; 0 when that cannot be told.
    var identity: UInt64 {
        switch self {
        case .system: BootIdentity.current
        case .fixed(let identity): identity
        }
    }
}

/// The identity of the present boot.
package enum BootIdentity {
    /// A number that differs between boots; 0 when the kernel does not tell, which makes every file look stale.
    package static let current: UInt64 = {
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 128) { buffer, count in
            // Safety: read fills at most the buffer's length.
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        guard !bytes.isEmpty else { return 0 }
        return bytes.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in Mixing.finalize(hash ^ UInt64(byte)) }
    }()
}
