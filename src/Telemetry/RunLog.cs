using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orchestrator.Abstractions;
using Orchestrator.Observation;

namespace Orchestrator.Telemetry;

/// <summary>
/// A run as log records: few, with stable event ids, each carrying the ids of the run's span.
/// </summary>
internal sealed partial class RunLog(ILogger logger, ObservedRun of, Activity? span) : IRunObserver
{
    private bool toldNotFinite;

    public void Started() => Within(() => RunStarted(logger, of.Name, of.Id, of.Workers, of.Optimizer, of.Consistency, of.Transport));

    public void Ended(string status, long updates, bool failed) => Within(() =>
    {
        if (failed)
        {
            RunFailed(logger, of.Id, status, updates);
        }
        else
        {
            RunEnded(logger, of.Id, status, updates);
        }
    });

    public void Lost(long records) => Within(() => RecordsDropped(logger, records));

    public void Pushed(in PushRecord record, in PushTimes times)
    {
        if (toldNotFinite || record.Decision == PushDecision.Cancelled || (double.IsFinite(record.Loss) && double.IsFinite(record.GradientNorm)))
        {
            return;
        }

        toldNotFinite = true;
        var (worker, gradient, version, loss) = (record.Worker, record.Gradient, record.Version, record.Loss);
        Within(() => NotFinite(logger, worker, gradient, version, loss));
    }

    public void Evaluated(in EvaluationRecord record)
    {
        var (version, epoch, accuracy, loss) = (record.Version, record.Epoch, record.TestAccuracy, record.TestLoss);
        var (train, validation) = (record.Train, record.Validation);
        Within(() =>
        {
            if (double.IsNaN(accuracy))
            {
                LossEvaluation(logger, version, epoch, loss);
            }
            else
            {
                Evaluation(logger, version, epoch, accuracy, loss);
            }

            Set(logger, version, "train", train);
            Set(logger, version, "validation", validation);
        });
    }

    public void Happened(RunEvent record) => Within(() =>
    {
        switch (record.Kind)
        {
            case "host-joined":
                HostJoined(logger, record.Host, record.Message);
                break;
            case "host-left":
                HostLeft(logger, record.Host, record.Message);
                break;
            case "host-refused":
                HostRefused(logger, record.Message);
                break;
            default:
                Noted(logger, record.Kind, record.Worker, record.Message);
                break;
        }
    });

    [LoggerMessage(1, LogLevel.Information, "Run {Run} of {Pipeline} started: {Workers} workers, {Optimizer}, {Consistency}, {Transport}.")]
    private static partial void RunStarted(ILogger logger, string pipeline, string run, int workers, string optimizer, string consistency, string transport);

    [LoggerMessage(2, LogLevel.Information, "Run {Run} ended: {Status} after {Updates} updates.")]
    private static partial void RunEnded(ILogger logger, string run, string status, long updates);

    [LoggerMessage(3, LogLevel.Error, "Run {Run} ended: {Status} after {Updates} updates.")]
    private static partial void RunFailed(ILogger logger, string run, string status, long updates);

    [LoggerMessage(10, LogLevel.Information, "Version {Version}, epoch {Epoch}: test accuracy {Accuracy} %, test loss {Loss}.")]
    private static partial void Evaluation(ILogger logger, long version, double epoch, double accuracy, double loss);

    [LoggerMessage(11, LogLevel.Warning, "Push {Gradient} of worker {Worker} at version {Version} is not finite; its loss is {Loss}.")]
    private static partial void NotFinite(ILogger logger, int worker, long gradient, long version, double loss);

    [LoggerMessage(12, LogLevel.Information, "Version {Version}, {Set} samples: accuracy {Accuracy} %, loss {Loss}.")]
    private static partial void SetEvaluation(ILogger logger, long version, string set, double accuracy, double loss);

    [LoggerMessage(13, LogLevel.Information, "Version {Version}, epoch {Epoch}: test loss {Loss}.")]
    private static partial void LossEvaluation(ILogger logger, long version, double epoch, double loss);

    [LoggerMessage(14, LogLevel.Information, "Version {Version}, {Set} samples: loss {Loss}.")]
    private static partial void SetLossEvaluation(ILogger logger, long version, string set, double loss);

    [LoggerMessage(20, LogLevel.Information, "Worker host {Host} joined: {Message}")]
    private static partial void HostJoined(ILogger logger, int host, string message);

    [LoggerMessage(21, LogLevel.Warning, "Worker host {Host} left: {Message}")]
    private static partial void HostLeft(ILogger logger, int host, string message);

    [LoggerMessage(22, LogLevel.Warning, "A worker host was refused: {Message}")]
    private static partial void HostRefused(ILogger logger, string message);

    [LoggerMessage(30, LogLevel.Information, "{Kind}, worker {Worker}: {Message}")]
    private static partial void Noted(ILogger logger, string kind, int worker, string message);

    [LoggerMessage(40, LogLevel.Warning, "Observers missed {Records} records, which came faster than they were read.")]
    private static partial void RecordsDropped(ILogger logger, long records);

    private static void Set(ILogger logger, long version, string set, SetScore? score)
    {
        if (score is not { } known)
        {
            return;
        }

        if (double.IsNaN(known.Accuracy))
        {
            SetLossEvaluation(logger, version, set, known.Loss);
        }
        else
        {
            SetEvaluation(logger, version, set, known.Accuracy, known.Loss);
        }
    }

    private void Within(Action log)
    {
        var outer = Activity.Current;
        Activity.Current = span;
        log();
        Activity.Current = outer;
    }
}
