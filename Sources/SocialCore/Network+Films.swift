// The films among the uploads of a network, which are streamed.

extension Network {
    /// The films.
    package var films: Films {
        Films(uploads: uploads, workFolder: "\(directory)/video", isShared: manifest.isShared)
    }
}
