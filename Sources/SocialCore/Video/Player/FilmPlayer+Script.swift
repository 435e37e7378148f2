// The script of the page that plays a film. It hands CMAF segments to the browser itself (Media Source Extensions):
// those of the chosen quality, and no more than the next few. Where a browser has no such thing it plays HLS natively.

extension FilmPlayer {
    /// JavaScript, as every current browser runs it.
    static let script = #"""
        'use strict'
        const AHEAD = 3        // segments behind the one that plays
        const KEPT = 30        // seconds that stay loaded before it
        const SAFETY = 0.8     // the share of the measured throughput that is counted on
        const $ = (selector) => document.querySelector(selector)
        const video = $('video'), canvas = $('canvas'), form = $('form')
        const wait = (time) => new Promise((done) => setTimeout(done, time))
        const event = (target, name) => new Promise((done) => target.addEventListener(name, done, { once: true }))

        // A track with times in seconds and places in bytes: in film.json both follow from what stands before.
        function track(told) {
          let time = told.start, place = told.header[0] + told.index[0]
          const segments = told.segments.map(([bytes, duration]) => {
            const segment = { start: time / told.timescale, end: (time + duration) / told.timescale, place, bytes }
            time += duration
            place += bytes
            return segment
          })
          return { ...told, segments, mime: `${told.kind}/mp4; codecs="${told.codec}"` }
        }

        // One line of pictures or sound: what it is made of, and which segment comes next.
        class Line {
          constructor(player, tracks) {
            Object.assign(this, { player, tracks, track: tracks[0], next: 0, loaded: [], headers: new Map() })
            this.buffer = player.source.addSourceBuffer(this.track.mime)
          }
          get count() { return this.track.segments.length }
          at(time) {
            const index = this.track.segments.findIndex((segment) => time < segment.end)
            return index < 0 ? this.count : index
          }
          get isDone() { return this.next >= this.count }
          get wants() { return !this.isDone && this.next - this.at(video.currentTime) <= AHEAD }
          async header(track, signal) {
            if (!this.headers.has(track))
              this.headers.set(track, await this.player.load(track, null, signal))
            return this.headers.get(track)
          }
          async change(action) {
            if (this.buffer.updating) await event(this.buffer, 'updateend')
            action()
            if (this.buffer.updating) await event(this.buffer, 'updateend')
          }
          async append(bytes) {
            try {
              await this.change(() => this.buffer.appendBuffer(bytes))
            } catch (error) {
              if (error.name !== 'QuotaExceededError') throw error
              await this.forget(video.currentTime - 5)
              await this.change(() => this.buffer.appendBuffer(bytes))
            }
          }
          async forget(end) {
            if (end > 1) await this.change(() => this.buffer.remove(0, end))
          }
          // Loads the next segment in the quality that is right now.
          async step(signal) {
            const index = this.next
            const choice = this.player.choose(this, index)
            const header = await this.header(choice, signal)
            const bytes = await this.player.load(choice, index, signal)
            if (signal.aborted) return
            if (choice !== this.shown) {
              if (this.shown && choice.codec !== this.shown.codec && this.buffer.changeType)
                await this.change(() => this.buffer.changeType(choice.mime))
              await this.append(header)
              this.shown = choice
            }
            await this.append(bytes)
            this.loaded[index] = choice
            this.track = choice
            if (this.next === index) this.next = index + 1
            await this.forget(video.currentTime - KEPT)
          }
          // The place changed, or what is loaded is no longer wanted.
          seek(time) { this.next = this.at(time) }
        }

        class Player {
          constructor(film) {
            this.film = film
            this.tracks = film.tracks.map(track)
            this.throughput = 0
            this.bytes = 0
            this.switches = 0
            this.abort = new AbortController()
          }
          get isSingleFile() { return this.film.playlists.single_file }
          get pictures() {
            return this.tracks.filter((track) => track.kind === 'video' && MediaSource.isTypeSupported(track.mime))
          }
          get sounds() {
            return this.tracks.filter((track) => track.kind === 'audio' && MediaSource.isTypeSupported(track.mime))
          }
          async open() {
            this.source = new MediaSource()
            video.src = URL.createObjectURL(this.source)
            await event(this.source, 'sourceopen')
            this.source.duration = Math.max(...this.tracks.map((track) => track.segments.at(-1).end))
            const pictures = this.pictures, sounds = this.sounds
            if (!pictures.length && !sounds.length) throw new Error('this browser plays none of the qualities')
            this.lines = [pictures, sounds.slice(0, 1)].filter((tracks) => tracks.length)
              .map((tracks) => new Line(this, tracks))
            video.addEventListener('seeking', () => this.seek())
            this.lines.forEach((line) => this.run(line))
          }
          // Loads what a line wants, for ever.
          async run(line) {
            for (let failures = 0; ;) {
              const { signal } = this.abort
              try {
                if (line.wants) await line.step(signal)
                else await wait(100)
                failures = 0
                this.end()
              } catch (error) {
                if (signal.aborted) continue
                if (++failures > 5) return report(`the film cannot be loaded: ${error.message}`)
                await wait(250 * 2 ** failures)
              }
            }
          }
          end() {
            const isIdle = this.lines.every((line) => line.isDone && !line.buffer.updating)
            if (isIdle && this.source.readyState === 'open') this.source.endOfStream()
          }
          seek() {
            const isThere = this.lines.every(({ buffer: { buffered } }) => {
              for (let index = 0; index < buffered.length; index++)
                if (buffered.start(index) <= video.currentTime + 0.1 && video.currentTime < buffered.end(index) - 0.1)
                  return true
              return false
            })
            if (isThere) return
            this.restart()
            this.lines.forEach((line) => line.seek(video.currentTime))
          }
          // The bytes of a segment, or of the header, and how fast they came.
          async load(track, index, signal) {
            const part = index === null ? { place: 0, bytes: track.header[0] } : track.segments[index]
            const name = index === null ? 'init.mp4' : `${String(index + 1).padStart(5, '0')}.m4s`
            const headers = this.isSingleFile ? { Range: `bytes=${part.place}-${part.place + part.bytes - 1}` } : {}
            const start = performance.now()
            const response = await fetch(`${track.name}/${this.isSingleFile ? 'track.mp4' : name}`, { headers, signal })
            if (!response.ok) throw new Error(`${response.url}: ${response.status}`)
            let bytes = await response.arrayBuffer()
            // A server that knows no ranges sends everything.
            if (bytes.byteLength > part.bytes) bytes = bytes.slice(part.place, part.place + part.bytes)
            this.measure(bytes.byteLength, performance.now() - start)
            return bytes
          }
          // What is small tells of latency, and what comes at once came from a cache.
          measure(bytes, time) {
            this.bytes += bytes
            if (bytes < 16384 || time < 2) return
            const rate = bytes * 8000 / time
            this.throughput = this.throughput ? this.throughput * 0.6 + rate * 0.4 : rate
          }
          // The best quality whose next segment comes in time; with little in the buffer it must come twice as fast.
          choose(line, index) {
            const { tracks } = line
            if (line === this.lines[0] && this.wanted) return this.wanted
            if (tracks.length === 1) return tracks[0]
            const share = this.buffered() < 2 && index > 0 ? SAFETY / 2 : SAFETY
            const fits = tracks.filter(({ segments: { [index]: segment } }) =>
              segment.bytes * 8 / (segment.end - segment.start) <= this.throughput * share)
            return fits.at(-1) ?? tracks[0]
          }
          buffered() {
            const { buffered, currentTime } = video
            for (let index = 0; index < buffered.length; index++)
              if (buffered.start(index) <= currentTime + 0.1 && currentTime <= buffered.end(index))
                return buffered.end(index) - currentTime
            return 0
          }
          get current() { return this.lines[0].loaded[this.lines[0].at(video.currentTime)] }
          // What is loaded behind the segment that plays is loaded anew, in the quality that was chosen.
          setQuality(track) {
            this.wanted = track
            const [line] = this.lines
            this.restart()
            line.next = Math.min(line.next, line.at(video.currentTime) + 1)
          }
          restart() {
            this.abort.abort()
            this.abort = new AbortController()
          }
          setSound(track) {
            const line = this.lines.at(-1)
            line.tracks = [track]
            line.loaded = []
            this.restart()
            line.change(() => line.buffer.remove(0, Infinity)).then(() => line.seek(video.currentTime))
          }
        }

        function report(message) {
          const alert = $('[role=alert]')
          alert.textContent = message
          alert.hidden = false
        }
        const rate = (bits) => bits >= 1e6 ? `${(bits / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bits / 1e3)} kbit/s`
        function tell(name, text) { $(`[data-of=${name}]`).textContent = text }

        // Shows what is played, and which segments are loaded in which quality.
        function show(player) {
          const shown = player.current
          if (shown && shown !== player.last) {
            if (player.last) player.switches++
            player.last = shown
            $('[role=status]').textContent = `Quality: ${shown.name}`
          }
          if (shown) {
            const segment = shown.segments[player.lines[0].at(video.currentTime)]
            const bits = segment ? segment.bytes * 8 / (segment.end - segment.start) : 0
            tell('shown', [shown.name, shown.height ? `${shown.height}p` : '', rate(bits)].filter(Boolean).join(' · '))
          }
          tell('buffer', `${player.buffered().toFixed(1)} s`)
          tell('network', player.throughput ? rate(player.throughput) : '–')
          tell('loaded', `${(player.bytes / 1e6).toFixed(2)} MB`)
          draw(player)
        }
        function draw(player) {
          const [line] = player.lines, { segments } = line.track, length = player.source.duration
          const ratio = devicePixelRatio, width = canvas.width = canvas.clientWidth * ratio
          const height = canvas.height = canvas.clientHeight * ratio, pen = canvas.getContext('2d')
          const colour = getComputedStyle(document.documentElement)
          segments.forEach((segment, index) => {
            const from = segment.start / length * width, size = (segment.end - segment.start) / length * width
            const level = line.tracks.indexOf(line.loaded[index])
            pen.globalAlpha = level < 0 ? 1 : (level + 1) / line.tracks.length
            pen.fillStyle = colour.getPropertyValue(level < 0 ? '--line' : '--mark')
            pen.fillRect(from, 0, size > 3 ? size - ratio : size, height)
          })
          pen.globalAlpha = 1
          pen.fillStyle = colour.getPropertyValue('--ink')
          pen.fillRect(video.currentTime / length * width - ratio, 0, 2 * ratio, height)
        }

        function offer(select, tracks) {
          for (const track of tracks) {
            const language = track.language === 'und' ? '' : track.language
            const name = [track.name, track.height ? `${track.height}p` : '', language].filter(Boolean).join(' · ')
            select.add(new Option(name, track.name))
          }
        }
        function listen(player) {
          const { quality, sound, speed } = form.elements
          quality.onchange = () => player.setQuality(player.pictures.find(({ name }) => name === quality.value))
          sound.onchange = () => player.setSound(player.sounds.find(({ name }) => name === sound.value))
          speed.onchange = () => { video.playbackRate = Number(speed.value) }
          canvas.onclick = (click) => { video.currentTime = click.offsetX / canvas.clientWidth * video.duration }
          const go = (time) => { video.currentTime = Math.min(Math.max(time, 0), video.duration) }
          const segment = (step) => {
            const [line] = player.lines, index = Math.max(0, line.at(video.currentTime + 0.05) + step)
            go(line.track.segments[Math.min(index, line.count - 1)].start + 0.001)
          }
          const keys = {
            ' ': () => video.paused ? video.play() : video.pause(), k: () => keys[' '](),
            ArrowLeft: () => go(video.currentTime - 5), ArrowRight: () => go(video.currentTime + 5),
            j: () => go(video.currentTime - 10), l: () => go(video.currentTime + 10),
            ',': () => segment(-1), '.': () => segment(1), m: () => { video.muted = !video.muted },
            ArrowUp: () => { video.volume = Math.min(1, video.volume + 0.1) },
            ArrowDown: () => { video.volume = Math.max(0, video.volume - 0.1) },
            f: () => document.fullscreenElement ? document.exitFullscreen() : video.requestFullscreen(),
            q: () => {
              quality.selectedIndex = (quality.selectedIndex + 1) % quality.length
              quality.onchange()
            },
          }
          for (let tenth = 0; tenth < 10; tenth++) keys[tenth] = () => go(video.duration * tenth / 10)
          document.addEventListener('keydown', (press) => {
            const isTyped = press.ctrlKey || press.metaKey || press.altKey || press.target.matches('select, summary')
            const action = keys[press.key.length === 1 ? press.key.toLowerCase() : press.key]
            if (isTyped || !action) return
            press.preventDefault()
            action()
          })
        }

        async function start() {
          const response = await fetch('film.json')
          if (!response.ok) throw new Error(`film.json: ${response.status}`)
          const film = await response.json()
          if (!window.MediaSource) {
            const isPlayable = film.playlists.hls && video.canPlayType('application/vnd.apple.mpegurl')
            if (!isPlayable) throw new Error('this browser cannot play it')
            form.hidden = canvas.hidden = $('dl').hidden = true
            video.src = 'master.m3u8'
            return
          }
          const player = window.player = new Player(film)
          await player.open()
          const { quality, sound } = form.elements
          offer(quality, player.pictures)
          offer(sound, player.sounds)
          quality.parentElement.hidden = player.pictures.length < 2
          sound.parentElement.hidden = player.sounds.length < 2
          listen(player)
          setInterval(() => show(player), 250)
        }
        start().catch((error) => report(`${error.message}`))

        """#
}
