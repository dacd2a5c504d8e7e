using Microsoft.Extensions.Logging;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>What a detector logs; event ids 2000 to 2099.</summary>
internal static partial class DetectorLog
{
    [LoggerMessage(2000, LogLevel.Information, "Detector {Detector} loaded version {Version}")]
    public static partial void Loaded(ILogger logger, string detector, string version);

    [LoggerMessage(2001, LogLevel.Warning, "Detector {Detector} cannot use a stored version and passes it over")]
    public static partial void StoredVersionRefused(ILogger logger, Exception exception, string detector);

    [LoggerMessage(2002, LogLevel.Information, "Detector {Detector} waits for {MinRecords} records to train its first model, {Records} so far")]
    public static partial void Waiting(ILogger logger, string detector, int minRecords, long records);

    [LoggerMessage(2003, LogLevel.Warning, "Detector {Detector} cannot read its history; next attempt in {Delay}")]
    public static partial void HistoryUnavailable(ILogger logger, Exception exception, string detector, TimeSpan delay);

    [LoggerMessage(2004, LogLevel.Information, "Detector {Detector} trains ({Trigger}) on {Records} records, {Excluded} flagged ones left out")]
    public static partial void TrainingStarted(ILogger logger, string detector, string trigger, int records, int excluded);

    [LoggerMessage(2005, LogLevel.Information, "Detector {Detector} scores with version {Version}, trained on {Device}, threshold {Threshold}")]
    public static partial void Activated(ILogger logger, string detector, string version, string device, double threshold);

    [LoggerMessage(2006, LogLevel.Error, "Detector {Detector} could not train its first model; next attempt in {Delay}")]
    public static partial void FirstTrainingFailed(ILogger logger, Exception exception, string detector, TimeSpan delay);

    [LoggerMessage(2007, LogLevel.Error, "Detector {Detector} could not retrain ({Trigger}); version {Version} goes on scoring")]
    public static partial void RetrainingFailed(ILogger logger, Exception exception, string detector, string trigger, string version);

    [LoggerMessage(2008, LogLevel.Warning, "Detector {Detector} did not retrain ({Trigger}): {Reason}")]
    public static partial void RetrainingRefused(ILogger logger, string detector, string trigger, string reason);

    [LoggerMessage(2009, LogLevel.Warning, "Detector {Detector} learns from all records of the window as requested: {Finding}")]
    public static partial void LearningFromFlagged(ILogger logger, string detector, string finding);

    [LoggerMessage(2010, LogLevel.Information, "Detector {Detector} rolled back from version {From} to {To}")]
    public static partial void RolledBack(ILogger logger, string detector, string from, string to);

    [LoggerMessage(2011, LogLevel.Information, "Detector {Detector} stopped its background work")]
    public static partial void Stopped(ILogger logger, string detector);

    [LoggerMessage(2012, LogLevel.Information, "Detector {Detector}: fewer than {MinRecords} records are younger than {Window}; the first model learns from older ones too")]
    public static partial void WindowWidened(ILogger logger, string detector, int minRecords, TimeSpan window);

    [LoggerMessage(2013, LogLevel.Warning, "Detector {Detector}: {Problem}")]
    public static partial void DatedInTheFuture(ILogger logger, string detector, string problem);

    [LoggerMessage(2015, LogLevel.Error, "Detector {Detector} could not tell that episode {Episode} ended")]
    public static partial void ClosingFailed(ILogger logger, Exception exception, string detector, string episode);

    [LoggerMessage(2014, LogLevel.Information, "Detector {Detector} stopped its background work in the middle of something")]
    public static partial void StoppedDuring(ILogger logger, Exception exception, string detector);

    [LoggerMessage(2020, LogLevel.Information, "Detector {Detector} took over what it remembers from {File}: {Keys} keys")]
    public static partial void HistoryTaken(ILogger logger, string detector, string file, int keys);

    [LoggerMessage(2021, LogLevel.Warning, "Detector {Detector} does not use {File}: {Reason}; an older file is used, or what it remembers is read from the topic again")]
    public static partial void HistoryRefused(ILogger logger, string detector, string file, string reason);

    [LoggerMessage(2022, LogLevel.Warning, "Detector {Detector} could not write what it remembers; scoring goes on, the files before stay, the next attempt follows after history.save_every")]
    public static partial void HistoryNotWritten(ILogger logger, Exception exception, string detector);

    [LoggerMessage(2024, LogLevel.Warning, "Detector {Detector}: {Problem}")]
    public static partial void KeysScattered(ILogger logger, string detector, string problem);

    [LoggerMessage(2025, LogLevel.Warning, "Detector {Detector}: {Problem}")]
    public static partial void DatedAhead(ILogger logger, string detector, string problem);

    [LoggerMessage(2023, LogLevel.Warning, "Detector {Detector} could not delete a file of what it remembered that is not needed any more")]
    public static partial void HistoryNotDeleted(ILogger logger, Exception exception, string detector);

    [LoggerMessage(2030, LogLevel.Information, "Detector {Detector}: another process ({Owner}) trains ({Purpose}) since {Since}; what it stores is taken over")]
    public static partial void AnotherTrains(ILogger logger, string detector, string owner, string purpose, string since);

    [LoggerMessage(2031, LogLevel.Information, "Detector {Detector} takes over version {Version}, which another process made the current one; before it scored with {Former}")]
    public static partial void TakenOver(ILogger logger, string detector, string version, string former);

    [LoggerMessage(2032, LogLevel.Warning, "Detector {Detector} cannot tell other processes of itself in {Folder}; it trains as if no other had the same models")]
    public static partial void ReplicasNotTold(ILogger logger, Exception exception, string detector, string folder);

    [LoggerMessage(2033, LogLevel.Warning, "Detector {Detector} takes the training over from another process ({Owner}), which began at {Since} and is not heard of any more")]
    public static partial void TurnInherited(ILogger logger, string detector, string owner, string since);

    [LoggerMessage(2034, LogLevel.Information, "Detector {Detector} does not train ({Trigger}): {Reason}")]
    public static partial void TrainingNotNeeded(ILogger logger, string detector, string trigger, string reason);
}
