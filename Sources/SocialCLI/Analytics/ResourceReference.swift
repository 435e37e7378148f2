// A resource as people name it: a post, upload or film by its id, an account by its handle, an upload by its file name
// behind that, a tag by its sign, or any path. What is named by an id need not exist: what was deleted keeps its
// counts.

internal import CommandSpec
internal import SocialCore

/// A resource as it was named.
enum ResourceReference: Sendable {
    /// By the name under which it is stored.
    case named(AccessedResource)
    /// An account by its handle.
    case user(Handle)
    /// An upload by its file name or its hash.
    case media(MediaReference)
    /// A film by its upload, and one quality of it.
    case video(MediaReference, rendition: String?)

    /// The reference that a word is; nil when it is none.
    init?(_ word: String) {
        if word.hasPrefix("#") {
            guard let tag = Self.tag(word) else { return nil }
            self = .named(tag)
            return
        }
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let reference: ResourceReference?
        switch (parts.first, parts.count) {
        case ("post", 2): reference = PostID(decimal: parts[1]).map { .named(.post($0)) }
        case ("user", 2): reference = Self.user(parts[1])
        case ("media", 2): reference = Self.media(parts[1])
        case ("video", 2): reference = Self.video(parts[1])
        case ("tag", 2): reference = Self.tag(parts[1]).map(ResourceReference.named)
        case ("search", 2): reference = AccessedResource.search(parts[1]).map(ResourceReference.named)
        default: reference = AccessedResource(word).map(ResourceReference.named)
        }
        guard let reference else { return nil }
        self = reference
    }

    /// Why a word is no reference, as far as its beginning says what was meant.
    static func misfit(_ word: String) -> ValueError {
        guard let slash = word.firstIndex(of: "/") else { return ValueError() }
        let start = word[...slash].unicodeScalars.count
        let range = start..<max(start + 1, word.unicodeScalars.count)
        return switch word[..<slash] {
        case "post": ValueError("ids are decimal numbers", at: range)
        case "user": ValueError("that is no handle", at: range)
        case "media", "video": ValueError("an upload is an id, HANDLE/FILENAME or a hash", at: range)
        default: ValueError()
        }
    }

    private static func tag(_ name: String) -> AccessedResource? {
        let key = PostText.key(ofTag: name)
        return key.isEmpty ? nil : AccessedResource.tag(key)
    }

    private static func user(_ name: String) -> ResourceReference? {
        if let id = UserID(decimal: name) { return .named(.user(id)) }
        return (try? Handle(name)).map(ResourceReference.user)
    }

    private static func media(_ name: String) -> ResourceReference? {
        switch MediaReference(name) {
        case .id(let id): .named(.media(id))
        // Keys belong to whoever acts; who asks only looks.
        case .key, nil: nil
        case let reference?: .media(reference)
        }
    }

    /// `ID`, `ID/RENDITION`, `HANDLE/FILE` or `HANDLE/FILE/RENDITION`: a handle is never a number.
    private static func video(_ name: String) -> ResourceReference? {
        var words = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !words.contains("") else { return nil }
        let isNumbered = MediaID(decimal: words[0]) != nil
        let rendition = words.count == (isNumbered ? 2 : 3) ? words.removeLast() : nil
        switch MediaReference(words.joined(separator: "/")) {
        case .id(let id):
            guard let rendition else { return .named(.video(id)) }
            return AccessedResource.rendition(id, rendition).map(ResourceReference.named)
        case .key, nil: return nil
        case let reference?: return .video(reference, rendition: rendition)
        }
    }
}

extension ValueType where Value == ResourceReference {
    /// A resource.
    static var resource: ValueType<ResourceReference> {
        ValueType(
            .custom("resource"), placeholder: "RESOURCE",
            expecting: "post/ID, user/HANDLE, media/ID, video/ID, tag/NAME, search/WORDS or a path"
        ) { (word) throws(ValueError) in
            guard let reference = ResourceReference(word) else { throw ResourceReference.misfit(word) }
            return reference
        }
    }
}

extension Session {
    /// The resource that was named.
    func resource(_ reference: ResourceReference) throws -> AccessedResource {
        switch reference {
        case .named(let resource): return resource
        case .user(let handle): return .user(try network().accounts.named(handle).id)
        case .media(let reference): return .media(try upload(reference).id)
        case .video(let reference, let rendition):
            let id = try upload(reference).id
            guard let rendition else { return .video(id) }
            guard let resource = AccessedResource.rendition(id, rendition) else {
                throw AnalyticsError(.badAccess, "\"\(rendition)\" is no name of a rendition")
            }
            return resource
        }
    }
}
