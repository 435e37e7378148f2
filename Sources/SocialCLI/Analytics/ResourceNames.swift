// What resources are called: accounts by their handles, although they are stored by their ids, and beside each name a
// label for people, looked up for all that are printed at once.

internal import Formats
internal import SocialCore

/// The names of some resources.
struct ResourceNames {
    /// How one is called.
    struct Name {
        /// Its name, which the verbs understand.
        var name: String
        /// What it is, for people; nil for a path, and for what is gone.
        var label: String?
    }

    /// The fields of a name.
    static let resource = "what was accessed, such as post/1234, user/ana or /about.html"
    static let label = "what that is: the beginning of a post, a file name, a title"

    /// Characters of a post that are shown.
    private static let labelCharacters = 60

    /// The names of some resources, in their order.
    static func names(of resources: [AccessedResource], _ network: Network) throws -> [Name] {
        var names = resources.map { Name(name: $0.name, label: nil) }
        func places(_ types: ResourceType...) -> [(place: Int, id: Int64)] {
            resources.indices.compactMap { place in
                guard types.contains(resources[place].type), let id = resources[place].identity else { return nil }
                return (place, id)
            }
        }
        let users = places(.user)
        for (user, account) in zip(users, try network.accounts.records(of: users.map { UserID(rawValue: $0.id) })) {
            guard let account else { continue }
            names[user.place] = Name(name: "user/\(account.handle.display)", label: account.profile.name)
        }
        let posts = places(.post)
        for (post, record) in zip(posts, try network.posts.records(of: posts.map { PostID(rawValue: $0.id) })) {
            names[post.place].label = record.map { shortened($0.text) }
        }
        let uploads = places(.media, .video, .rendition)
        let records = try network.media.records(of: uploads.map { MediaID(rawValue: $0.id) })
        for (upload, record) in zip(uploads, records) {
            guard let record else { continue }
            let resource = resources[upload.place]
            names[upload.place].label =
                switch resource.type {
                case .video: FilmOutput.title(record)
                case .rendition: "\(FilmOutput.title(record)) \(resource.lastPart)"
                default: record.content.name
                }
        }
        for place in resources.indices {
            switch resources[place].type {
            case .tag: names[place].label = "#\(resources[place].lastPart)"
            case .search: names[place].label = String(resources[place].name.dropFirst("search/".count))
            default: break
            }
        }
        return names
    }

    /// The first line of a text, as far as it is short.
    private static func shortened(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let start = words.prefix(labelCharacters)
        return start.endIndex == words.endIndex ? words : start.dropLast() + "…"
    }
}

extension AccessedResource {
    /// What stands behind the last slash.
    fileprivate var lastPart: Substring { name.split(separator: "/").last ?? "" }
}
