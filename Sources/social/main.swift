// The program: the real world around `SocialProgram`.

import SocialCLI

RealWorld.run()
