// Every test starts processes of its own; more of them at once than there are cores would only make each wait.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
