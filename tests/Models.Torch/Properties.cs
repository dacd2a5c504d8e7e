// One processor thread computes, inside of libtorch too, and collections of garbage come from one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
