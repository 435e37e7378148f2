// Test support; see TestKit.
