using System.Globalization;

namespace Orchestrator.Composition;

/// <summary>
/// What is kept for validation is said in one way, and leaves samples on both sides; classes are
/// counted where there are some. Whoever looks later sees the training samples that remain.
/// </summary>
internal sealed class EvaluationCheck : IPipelineCheck
{
    private const string Path = "evaluation.sets.validation";

    public IReadOnlyList<string> Reads { get; } = ["dataset", "evaluation"];

    public void Run(CheckContext context)
    {
        if (context.Pipeline.Evaluation.PerClass is true && context.Data is { Classes: 0 })
        {
            context.Add("evaluation.perClass", $"true counts classes, and the samples of '{context.Pipeline.Dataset.Name}' have none; false is allowed");
        }

        if (context.Pipeline.Evaluation.Sets?.Validation is not { } validation || !IsWhole(validation, context) || context.Data is not { } data)
        {
            return;
        }

        var (from, to) = validation.Places(data.TrainCount);
        if (to == from || to - from == data.TrainCount)
        {
            var kept = string.Create(CultureInfo.InvariantCulture, $"{to - from} of {data.TrainCount} training samples");
            context.Add(
                $"{Path}.{(validation.Share is null ? "folds" : "share")}",
                $"{(validation.Share is { } share ? share : validation.Folds!.Value).ToString(CultureInfo.InvariantCulture)} keeps {kept}; at least one has to be kept, and one to be left to train with");
            return;
        }

        context.Data = data with { TrainCount = data.TrainCount - (to - from) };
    }

    private static bool IsWhole(ValidationSettings validation, CheckContext context)
    {
        switch (validation)
        {
            case { Share: not null, Folds: null, Fold: null }:
                return true;
            case { Share: not null }:
                context.Add(Path, "share and folds are two ways to say what is kept; one of share, or folds with fold, is allowed");
                return false;
            case { Folds: null, Fold: null }:
                context.Add(Path, "says not what is kept; share, or folds with fold, is required");
                return false;
            case { Folds: null }:
                context.Add(Path, "has fold without folds; both are required");
                return false;
            case { Fold: null }:
                context.Add(Path, "has folds without fold; both are required");
                return false;
            default:
                if (validation.Fold < validation.Folds)
                {
                    return true;
                }

                context.Add($"{Path}.fold", string.Create(CultureInfo.InvariantCulture, $"{validation.Fold} is no fold of {validation.Folds}; 0 to {validation.Folds - 1} is allowed"));
                return false;
        }
    }
}
