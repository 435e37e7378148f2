// The program: the real world around `SocialProgram`, and the server that it may be asked to be.

import SocialCLI
import SocialServe

RealWorld.run(serve: Server.run)
