// The rates that playlists promise, worked out anew by trying everything.

import Foundation
import SocialCore
import TestKit
import Testing

@Suite("Rates of a film")
struct FilmRateTests {
    /// The numbers of an attribute, in the order of the text.
    private func numbers(_ name: String, _ text: FilmText, _ film: Film) -> [Int] {
        String(decoding: film.bytes(of: text), as: UTF8.self).matches(of: /([A-Za-z-]+)="?([0-9]+)/).compactMap {
            $0.output.1 == name ? Int($0.output.2) : nil
        }
    }

    private func seconds(_ segment: Film.Segment, _ track: Film.Track) -> Double {
        Double(segment.duration) / Double(track.timescale)
    }

    private func peak(_ track: Film.Track, _ target: Double) -> Double {
        var peak = 0.0
        for first in track.segments.indices {
            for last in first..<track.segments.count {
                let run = track.segments[first...last]
                let time = run.reduce(0) { $0 + seconds($1, track) }
                guard 0.5 * target...1.5 * target ~= time else { continue }
                peak = max(peak, Double(run.reduce(0) { $0 + $1.part.sizeBytes }) * 8 / time)
            }
        }
        let bytes = track.segments.reduce(0) { $0 + $1.part.sizeBytes }
        let average = Double(bytes) * 8 * Double(track.timescale) / Double(track.duration)
        return max(peak, average)
    }

    @Test("HLS: the peak over any run of half to one and a half target durations")
    func peaks() {
        var compared = 0
        for number in 0..<TestRun.times(60) {
            var chance = Chance(case: number)
            let made = MadeFilm(
                &chance, videos: 1 + chance.below(2), sounds: chance.below(3), segments: 1 + chance.below(25))
            let film = made.film
            let target = film.tracks.flatMap { track in track.segments.map { seconds($0, track).rounded() } }.max() ?? 1
            let sound = film.audioTracks.map { peak($0, max(1, target)) }.max() ?? 0
            let expected = film.videoTracks.map { peak($0, max(1, target)) + sound }
            let rates = numbers("BANDWIDTH", .master, film).prefix(expected.count)
            for (rate, expected) in zip(rates, expected) {
                compared += 1
                let difference: Double = abs(Double(rate) - expected)
                #expect(difference <= 2.5, "seed \(TestRun.seed), case \(number)")
            }
        }
        #expect(compared > 30)
    }

    @Test("DASH: nobody who has waited for minBufferTime waits again, and no lower rate would do")
    func buffers() {
        for number in 0..<TestRun.times(40) {
            var chance = Chance(case: number)
            let film = MadeFilm(&chance, videos: 2, sounds: 1, segments: 1 + chance.below(20)).film
            let text = String(decoding: film.bytes(of: .manifest), as: UTF8.self)
            let buffer = text.firstMatch(of: /minBufferTime="PT([0-9.]+)S"/).flatMap { Double($0.output.1) } ?? 0
            for (track, rate) in zip(film.tracks, numbers("bandwidth", .manifest, film)) {
                func suffices(_ rate: Double) -> Bool {
                    track.segments.indices.allSatisfy { first in
                        var (bits, time) = (0.0, buffer)
                        for segment in track.segments[first...] {
                            bits += Double(segment.part.sizeBytes) * 8
                            if bits > rate * time + 1e-6 { return false }
                            time += seconds(segment, track)
                        }
                        return true
                    }
                }
                let bytes = track.segments.reduce(0) { $0 + $1.part.sizeBytes }
                let average = Double(bytes) * 8 / (Double(track.duration) / Double(track.timescale))
                let isEnough: Bool = suffices(Double(rate))
                let isLeast: Bool = !suffices(Double(rate - 1)) || Double(rate - 1) < average
                #expect(isEnough && isLeast, "seed \(TestRun.seed), case \(number)")
            }
        }
    }
}
