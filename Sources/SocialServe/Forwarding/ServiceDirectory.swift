// Which other servers run the services that this one does not: from the registry, in which every server says what it
// runs and that it is still there.

internal import SocialCLI
internal import SocialCore
internal import Synchronization

/// Where services are reached.
final class ServiceDirectory: Sendable {
    /// How often a server says that it is there, in seconds.
    static let heartbeatSeconds: Int64 = 3
    /// For how long after that it counts as alive, in milliseconds.
    private static let patienceMilliseconds: Int64 = 10_000
    /// Under which name servers register; what they run is in the details.
    private static let name = "serve"

    private let site: Site
    /// The addresses of services, by their names.
    private let known = Mutex<[String: [ServeAddress]]>([:])
    private let own: Mutex<(address: ServeAddress, instance: String)?> = Mutex(nil)

    init(_ site: Site) { self.site = site }

    /// Says from now on where this server is.
    func begin(_ address: ServeAddress) { own.withLock { $0 = (address, "serve-\(address)") } }

    /// Says that this server is there, and looks who else is; for a thread that writes.
    func refresh(_ network: Network) {
        guard let own = own.withLock({ $0 }) else { return }
        let services = network.services
        if (try? services.heartbeat(ServiceDirectory.name, own.instance)) == nil {
            let runs = ServeService.allCases.filter(site.runs).map(\.rawValue)
            _ = try? services.register(
                ServiceDirectory.name, own.instance, address: "\(own.address)", details: runs.joined(separator: ","),
                patienceMilliseconds: ServiceDirectory.patienceMilliseconds)
        }
        guard site.options.services != nil, let alive = try? services.alive(ServiceDirectory.name) else { return }
        var addresses: [String: [ServeAddress]] = [:]
        for other in alive where other.instance != own.instance {
            guard let address = ServeAddress(other.address) else { continue }
            for service in other.details.split(separator: ",") {
                addresses[String(service), default: []].append(address)
            }
        }
        known.withLock { $0 = addresses }
    }

    /// Says that this server is no longer there.
    func end(_ network: Network) {
        guard let own = own.withLock({ $0 }) else { return }
        _ = try? network.services.deregister(ServiceDirectory.name, own.instance)
    }

    /// A server that runs a service: the same for whoever asks, as long as it is there; nil when there is none.
    func address(of service: ServeService, for request: Request) -> ServeAddress? {
        let key = ViewerKey(request.token?.text ?? request.address).rawValue
        return known.withLock { known in
            guard let addresses = known[service.rawValue], !addresses.isEmpty else { return nil }
            return addresses[Int(key % UInt64(addresses.count))]
        }
    }
}
