// The accesses that a command line asks about: kinds, resources, whose they were, and when.

internal import CommandSpec
internal import SocialCore

/// What a line asks about.
struct AccessSelection {
    /// The accesses.
    var filter = AccessFilter()
    /// The calendar in which dates and days begin.
    let calendar: LocalCalendar
    /// Whether the time before is asked for too.
    let comparesPrevious: Bool

    private let session: Session

    /// What a line asks about.
    ///
    /// - Parameters:
    ///   - operands: the resources that are named as operands.
    ///   - countsLooks: whether without `--kind` only being looked at counts.
    init(_ session: Session, operands: [ResourceReference] = [], countsLooks: Bool = true) throws {
        let line = session.invocation
        self.session = session
        calendar = try LocalCalendar(session)
        comparesPrevious = line[AnalyticsNoun.compare] != nil
        let types = line[AnalyticsNoun.type].compactMap { name in ResourceType.allCases.first { $0.name == name } }
        let named = operands + line[AnalyticsNoun.resource]
        if let handle = line[AnalyticsNoun.author] {
            filter.resources = .named(try session.network().resources(of: handle, types))
        } else if !named.isEmpty {
            let resources = try named.map { try session.resource($0) }
            filter.resources = .named(types.isEmpty ? resources : resources.filter { types.contains($0.type) })
        } else if !types.isEmpty {
            filter.resources = .types(types)
        }
        let kinds = line[AnalyticsNoun.kind]
        if !kinds.isEmpty {
            filter.kinds = kinds
        } else if countsLooks {
            filter.kinds = AccessSelection.looks(filter.resources)
        }
        filter.audience =
            switch line[AnalyticsNoun.audience] {
            case "people": .people
            case "bots": .bots
            default: nil
            }
        filter.since = line[AnalyticsNoun.since].map(time)
        filter.until = line[AnalyticsNoun.until].map(time)
        if comparesPrevious, filter.since == nil {
            throw line.error(
                .missingValue, "\"--compare\" needs \"--since\": all time has nothing before it",
                about: AnalyticsNoun.compare, hint: "give --since 7d, for example")
        }
    }

    /// The moment that a line means.
    private func time(_ written: ZonedMoment) -> Timestamp {
        switch written {
        case .moment(let moment): moment.resolved(at: session.now)
        case .date(let midnight): calendar.startOfDate(midnight)
        }
    }

    /// The kinds that say that something was looked at.
    private static func looks(_ resources: AccessFilter.Resources) -> [AccessKind] {
        let asksForRenditions =
            switch resources {
            case .all: false
            case .types(let types): types.contains(.rendition)
            case .named(let resources): resources.contains { $0.type == .rendition }
            }
        return [.view, .profileView, .start, .search] + (asksForRenditions ? [.segment] : [])
    }

    /// The same in the time of the same length before; nil when that is not asked for.
    ///
    /// What has no end ends now.
    var previous: AccessFilter? {
        guard comparesPrevious, let since = filter.since else { return nil }
        let end = filter.until ?? session.now
        var before = filter
        before.since = since.advanced(byMilliseconds: -max(0, end.milliseconds.subtractingClamped(since.milliseconds)))
        before.until = since
        return before
    }

    /// The resources of a type, where others were not asked for.
    mutating func requireTypes(_ types: [ResourceType]) {
        switch filter.resources {
        case .all: filter.resources = .types(types)
        case .types(let asked): filter.resources = .types(asked.filter(types.contains))
        case .named(let resources): filter.resources = .named(resources.filter { types.contains($0.type) })
        }
    }
}

extension Network {
    /// Everything that an account has made, its profile first, then newest first.
    ///
    /// - Parameter types: of these types only; nil for all.
    fileprivate func resources(of handle: Handle, _ types: [ResourceType]) throws -> [AccessedResource] {
        let author = try accounts.named(handle).id
        func isAsked(_ type: ResourceType) -> Bool { types.isEmpty || types.contains(type) }
        var resources: [AccessedResource] = isAsked(.user) ? [.user(author)] : []
        if isAsked(.post) {
            resources += try posts.newest(by: author, in: .all, limit: .max).map { .post($0) }
        }
        guard isAsked(.media) || isAsked(.video) || isAsked(.rendition) else { return resources }
        for upload in try media.page(by: author, in: .all, limit: .max) {
            if isAsked(.media) { resources.append(.media(upload.id)) }
            if upload.content.segmentation != nil, isAsked(.video) { resources.append(.video(upload.id)) }
        }
        return resources
    }
}

extension Int64 {
    /// A difference that stops at the ends of the number range.
    fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : difference
    }
}
