namespace AEAnomaly.Host.Demo;

/// <summary>Names what a generated payment is part of.</summary>
internal enum FraudScenario
{
    /// <summary>The card holder's own payment.</summary>
    None,

    /// <summary>A stolen number is tried with a burst of tiny online payments.</summary>
    CardTesting,

    /// <summary>A stranger buys resellable goods from a new device in another country.</summary>
    AccountTakeover,

    /// <summary>One payment far above what the card ever spends.</summary>
    UnusualAmount,

    /// <summary>A copied card is used thousands of kilometres from where the real one just was.</summary>
    ImpossibleTravel,
}
