using System.Runtime.Versioning;

// Every test starts processes of its own; more of them at once than there are cores would only make each wait.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

// Volumes, script(1) and prlimit(1) are Linux's.
[assembly: SupportedOSPlatform("linux")]
