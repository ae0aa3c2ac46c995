namespace Orchestrator.Reports;

/// <summary>One value of a run, and where it stands.</summary>
/// <param name="Epoch">Samples of applied pushes / training samples.</param>
/// <param name="Updates">Updates so far.</param>
/// <param name="Seconds">Clock time from the run's start.</param>
/// <param name="Value">The value; what is not finite is none.</param>
internal readonly record struct CurvePoint(double Epoch, double Updates, double Seconds, double Value);
