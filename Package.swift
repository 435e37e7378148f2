// swift-tools-version: 6.2
import PackageDescription

/// The house settings: Swift 6, explicit existentials, imports that say what they need, no warnings.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Our generic declarations are specialised where they are used, in whichever module that is.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// A release build is one static file: it starts in the time that the sqlite3 shell takes.
///
/// PostgreSQL's client library is a shared one, and so is a program that has it.
let staticExecutable: [LinkerSetting] = [
    .unsafeFlags(["-static-executable"], .when(configuration: .release, traits: ["Static"]))
]
let staticLibraries: [SwiftSetting] = [
    .unsafeFlags(["-static-stdlib"], .when(configuration: .release))
]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
/// What speaks to an S3-compatible object store.
let httpClient: [Target.Dependency] = [
    .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOWebSocket", package: "swift-nio"),
]

/// A program in a folder of `Benchmarks`.
func benchmark(
    _ name: String, in folder: String, _ dependencies: [Target.Dependency] = ["SocialCore", "Formats"],
    linking: [LinkerSetting] = staticExecutable
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Benchmarks/\(folder)", swiftSettings: house + staticLibraries,
        linkerSettings: linking)
}

/// The programs that measure cost minutes of every build; they exist when `SOCIAL_BENCHMARKS` is in the environment, as
/// it is for the targets of the Makefile.
let benchmarks: [Target] =
    Context.environment["SOCIAL_BENCHMARKS"] == nil
    ? []
    : [
        // Measures the feed engine beside its peers; see Benchmarks/feed.py.
        benchmark("feed-bench", in: "FeedBench"),
        // Measures how long a key takes to its shard.
        benchmark("shard-bench", in: "ShardBench"),
        // Measures the quality of ranking and spelling on public collections, and the speed of the text stages.
        benchmark("search-bench", in: "SearchBench"),
        // Looks at pictures and films as an upload does: decoding, hashes and stripping.
        benchmark("media-bench", in: "MediaBench"),
        // Measures what needs no store of video: adaptive playback over recorded networks.
        benchmark("video-bench", in: "VideoBench"),
        // Measures how fast accesses are counted and questions about them answered.
        benchmark("analytics-bench", in: "AnalyticsBench"),
        // Measures how fast inboxes are made, brought up to date and read.
        benchmark("notification-bench", in: "NotificationBench"),
        // Measures how fast access logs are read.
        benchmark("log-bench", in: "LogBench", ["Formats"]),
        // Reads damaged inputs of every kind by the million, under AddressSanitizer, which no static program can have.
        benchmark(
            "fuzz", in: "Fuzz", ["FuzzKit", "SocialCore"],
            linking: [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]),
    ]

let package = Package(
    name: "social",
    products: [.executable(name: "social", targets: ["social"])],
    traits: [
        .default(enabledTraits: ["Static"]),
        .trait(name: "Static", description: "A release build is one static file."),
        .trait(name: "PostgreSQL", description: "The truth can lie on PostgreSQL servers (needs libpq)."),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPostgreSQL", providers: [.apt(["libpq-dev"])]),
        .target(name: "CSQLiteShim", dependencies: [sqlite]),
        .target(name: "CHeap"),
        .target(name: "CStorage"),
        .target(name: "CommandSpec", swiftSettings: house),
        .target(name: "Terminal", swiftSettings: house),
        .target(name: "Formats", dependencies: ["CZlib"], swiftSettings: house),
        .target(
            name: "SocialCore",
            dependencies: [
                "CStorage", "CZlib", "CSQLiteShim", "Formats", grdb, sqlite, crypto, heap, system, subprocess,
                .target(name: "CPostgreSQL", condition: .when(traits: ["PostgreSQL"])),
            ] + httpClient,
            swiftSettings: house + staticLibraries),
        .target(
            name: "SocialCLI",
            dependencies: ["CHeap", "CommandSpec", "Terminal", "Formats", "SocialCore"],
            swiftSettings: house),
        // The network over HTTP: what "social serve" runs. SocialCLI knows of it only as a hook.
        .target(
            name: "SocialServe",
            dependencies: ["CZlib", "CommandSpec", "Terminal", "Formats", "SocialCore", "SocialCLI", crypto] + nio,
            exclude: ["Page/nginx.conf"], resources: [.embedInCode("Page/index.html")], swiftSettings: house),
        .executableTarget(
            name: "social",
            dependencies: ["SocialCLI", "SocialServe"],
            swiftSettings: house + staticLibraries,
            linkerSettings: staticExecutable),
    ] + benchmarks + [
        .testTarget(name: "CommandSpecTests", dependencies: ["CommandSpec"], swiftSettings: house),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: house),
        .testTarget(name: "FormatsTests", dependencies: ["Formats", "TestKit"], swiftSettings: house),

        // What several test targets share: a second store engine in memory, worlds to run command lines in, recorders.
        .target(name: "CRecordingVFS", dependencies: [sqlite], path: "Tests/CRecordingVFS"),
        .target(
            name: "TestKit",
            dependencies: [
                "CRecordingVFS", "CZlib", "SocialCore", "SocialCLI", "Formats", "Terminal", sqlite, crypto,
            ] + nio,
            path: "Tests/TestKit", swiftSettings: house),
        // What is fuzzed, and how; the program "fuzz" does it by the million.
        .target(
            name: "FuzzKit",
            dependencies: ["CommandSpec", "Formats", "SocialCore", "SocialCLI", "Terminal", "TestKit"],
            path: "Tests/FuzzKit", swiftSettings: house),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzKit", "TestKit"], swiftSettings: house),
        .testTarget(
            name: "SocialCoreTests", dependencies: ["SocialCore", "Formats", "TestKit", grdb], swiftSettings: house),
        .testTarget(
            name: "SocialCLITests",
            dependencies: ["SocialCLI", "SocialCore", "CommandSpec", "Formats", "Terminal", "TestKit"],
            swiftSettings: house),
        // Talks to the server over real sockets of this machine.
        .testTarget(
            name: "SocialServeTests",
            dependencies: [
                "SocialServe", "SocialCLI", "SocialCore", "CommandSpec", "Formats", "FuzzKit", "Terminal", "TestKit",
                crypto,
            ] + nio,
            swiftSettings: house),
        // Runs the built program as real processes: kills, power cuts, crowds, full disks.
        .testTarget(
            name: "SocialProcessTests", dependencies: ["SocialCore", "Formats", "TestKit", "social"],
            swiftSettings: house),
        // The house rules, as tests.
        .testTarget(name: "TidyTests", swiftSettings: house),
    ]
)
