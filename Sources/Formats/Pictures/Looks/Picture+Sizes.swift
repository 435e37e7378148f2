// Smaller and turned pictures: thumbnails, and pictures as their orientation says that they are looked at.

extension Picture {
    /// The picture at another size, scaled down in linear light; a side is never made longer than it is.
    ///
    /// `transfer` says how the samples stand for light; the result is sRGB.
    package func scaled(width: Int, height: Int, from transfer: PictureTransfer = .sRGB) -> Picture {
        if width >= self.width, height >= self.height, transfer == .sRGB { return self }
        var scaler = PictureScaler(
            of: (self.width, self.height), to: (width: width, height: height), transfer: transfer)
        for y in 0..<self.height { scaler.add(Array(pixels[4 * self.width * y..<4 * self.width * (y + 1)])) }
        return scaler.picture()
    }

    /// The picture as large as it fits into a frame with its proportions kept, never larger than it is.
    package func fitted(width: Int, height: Int, from transfer: PictureTransfer = .sRGB) -> Picture {
        let size = Self.fittedSize(of: (self.width, self.height), within: (width, height))
        return scaled(width: size.width, height: size.height, from: transfer)
    }

    /// The size that a picture of one size has when it is fitted into another, at least one pixel each way.
    package static func fittedSize(
        of size: (width: Int, height: Int), within frame: (width: Int, height: Int)
    ) -> (width: Int, height: Int) {
        if size.width <= frame.width, size.height <= frame.height { return size }
        if size.width * frame.height >= size.height * frame.width {
            let width = max(1, frame.width)
            return (width, max(1, (size.height * width + size.width / 2) / size.width))
        }
        let height = max(1, frame.height)
        return (max(1, (size.width * height + size.height / 2) / size.height), height)
    }

    /// The picture turned and mirrored so that it is looked at as its camera meant.
    ///
    /// Orientations are those of Exif (CIPA DC-008, tag 274), 1 to 8; others change nothing.
    package func oriented(_ orientation: Int) -> Picture {
        guard (2...8).contains(orientation) else { return self }
        let isTransposed = orientation >= 5
        // Which sides of the stored picture are looked at in reverse.
        let isReversedX = [2, 3, 7, 8].contains(orientation)
        let isReversedY = [3, 4, 6, 7].contains(orientation)
        let (targetWidth, targetHeight) = isTransposed ? (height, width) : (width, height)
        var turned: [UInt8] = []
        turned.reserveCapacity(pixels.count)
        for y in 0..<targetHeight {
            for x in 0..<targetWidth {
                let (column, row) = isTransposed ? (y, x) : (x, y)
                let sourceX = isReversedX ? width - 1 - column : column
                let sourceY = isReversedY ? height - 1 - row : row
                let start = 4 * (sourceY * width + sourceX)
                for channel in 0..<4 { turned.append(pixels[start + channel]) }
            }
        }
        return Picture(width: targetWidth, height: targetHeight, pixels: turned)
    }
}
