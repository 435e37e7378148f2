// What is written as JPEG is read back nearly as it was, and small pictures are kept in the kind of file that suits
// them.

import Formats
import Testing

@Suite("Writing JPEG")
struct JPEGWriterTests {
    private func picture(_ width: Int, _ height: Int, _ colour: (Double, Double) -> [UInt8]) -> Picture {
        let pixels = (0..<width * height).flatMap { index in
            colour(Double(index % width) / Double(width), Double(index / width) / Double(height))
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    private func softColours(_ width: Int, _ height: Int) -> Picture {
        picture(width, height) { x, y in [UInt8(250 * x), UInt8(250 * y), UInt8(120 + 100 * x * y), 255] }
    }

    /// The mean of the squares of how much samples differ.
    private func error(_ one: Picture, _ other: Picture) -> Double {
        let sum = zip(one.pixels, other.pixels).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(max(1, one.pixels.count))
    }

    @Test("loses less the higher the quality, at any size")
    func roundTrip() throws {
        var random = SeededGenerator("jpeg round trip")
        for _ in 0..<12 {
            let original = softColours(1 + random.below(70), 1 + random.below(70))
            var errors: [Double] = []
            for quality in [5, 97] {
                let decoded = try Picture.decode(try JPEG.encode(original, quality: quality))
                #expect(decoded.isComplete)
                #expect(decoded.picture.width == original.width && decoded.picture.height == original.height)
                errors.append(error(decoded.picture, original))
            }
            // Colours that change from pixel to pixel are halved; otherwise little is lost.
            if min(original.width, original.height) > 16 {
                #expect(errors[1] < min(12, errors[0]), "\(errors), seed \(random.seed)")
            }
        }
        let original = softColours(64, 64)
        let sizes = try [5, 30, 60, 85, 97].map { try JPEG.encode(original, quality: $0).count }
        #expect(sizes == sizes.sorted())
    }

    @Test("keeps greys to one component, exactly so at the highest quality")
    func grey() throws {
        let original = picture(33, 17) { x, y in
            let shade = UInt8(255 * abs(x - y))
            return [shade, shade, shade, 255]
        }
        let file = try JPEG.encode(original, quality: 100)
        #expect(try MediaMetadata.read(file).colour == .grey)
        let decoded = try Picture.decode(file).picture
        #expect(zip(decoded.pixels, original.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test("shows white behind what is transparent")
    func alpha() throws {
        let original = picture(16, 16) { x, _ in [0, 0, 0, x < 0.5 ? 0 : 255] }
        let decoded = try Picture.decode(try JPEG.encode(original, quality: 100)).picture
        for start in stride(from: 0, to: decoded.pixels.count, by: 4) {
            #expect(abs(Int(decoded.pixels[start]) - (start / 4 % 16 < 8 ? 255 : 0)) <= 2)
        }
    }

    @Test("holds the strongest contrasts that there can be")
    func contrast() throws {
        var random = SeededGenerator("jpeg contrast")
        for period in 1...8 {
            let original = picture(64, 64) { x, y in
                let isOn = (Int(x * 64) / period + Int(y * 64) / period) % 2 == 0
                return isOn ? [0, 255, 255, 255] : [255, UInt8(random.below(2)) * 255, 0, 255]
            }
            let decoded = try Picture.decode(try JPEG.encode(original, quality: 100))
            #expect(decoded.isComplete)
        }
    }

    @Test("refuses what JPEG cannot say")
    func refused() {
        func code(_ picture: Picture) -> PictureError.Code? {
            do throws(PictureError) {
                _ = try JPEG.encode(picture, quality: 85)
                return nil
            } catch { return error.code }
        }
        #expect(code(Picture(width: 65_535, height: 1)) == nil)
        #expect(code(Picture(width: 65_536, height: 1)) == .tooLarge)
        #expect(code(Picture(width: 0, height: 0)) == .damaged)
    }

    @Test("is what small pictures are kept in, unless they have few colours or are seen through")
    func thumbnails() throws {
        let photograph = softColours(64, 48)
        #expect(try photograph.thumbnailFile().type == .jpeg)
        let file = try photograph.thumbnailFile().bytes
        #expect(MediaType(file) == .jpeg && file.count < 2_500)
        var clear = photograph
        clear.pixels[3] = 0
        let drawing = picture(64, 48) { x, _ in x < 0.5 ? [1, 2, 3, 255] : [9, 9, 9, 255] }
        for picture in [clear, drawing] {
            let thumbnail = try picture.thumbnailFile()
            #expect(thumbnail.type == .png)
            #expect(try Picture.decode(thumbnail.bytes).picture == picture)
        }
    }
}
