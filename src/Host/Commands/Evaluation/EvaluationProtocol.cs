namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>States which rows are trained on and which are tested.</summary>
internal enum EvaluationProtocol
{
    /// <summary>Train on half of the normal rows, test on the other half and all anomalies.</summary>
    Semi,

    /// <summary>Train and test on all rows.</summary>
    Unsupervised,
}
