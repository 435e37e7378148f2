// The program: the real world around `SocialProgram`.

import Glibc
import SocialCLI

exit(RealWorld.run())
