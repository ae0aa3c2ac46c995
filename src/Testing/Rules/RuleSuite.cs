using System.Reflection;
using Orchestrator.Abstractions;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Orchestrator.Testing;

/// <summary>One promise of a contract suite, and whether a plugin keeps it.</summary>
/// <param name="Name">The suite's test, such as <c>Apply_TileByTile_ChangesNoBit</c>.</param>
/// <param name="Broken">How it is broken; null where it is kept, or does not hold for such a
/// rule.</param>
/// <param name="Skipped">Why it does not hold for such a rule; null where it does.</param>
public sealed record Promise(string Name, string? Broken, string? Skipped);

/// <summary>
/// The contract suites of update rules without a test runner: what a rule's own tests would say,
/// with every option at the values of the instances that are made.
/// </summary>
public static class RuleSuite
{
    /// <summary>Puts an optimizer to <see cref="OptimizerContract"/>.</summary>
    /// <param name="create">Makes a fresh instance.</param>
    public static IReadOnlyList<Promise> Of(Func<IOptimizer> create) => Run<OptimizerContract>(() => new OptimizerSuite(create));

    /// <summary>Puts a correction to <see cref="CorrectionContract"/>.</summary>
    /// <param name="create">Makes a fresh instance.</param>
    public static IReadOnlyList<Promise> Of(Func<ICorrection> create) => Run<CorrectionContract>(() => new CorrectionSuite(create));

    private static List<Promise> Run<TContract>(Func<TContract> create) where TContract : class =>
        [.. typeof(TContract).GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null).OrderBy(method => method.Name, StringComparer.Ordinal)
            .Select(method => Run(method, create()))];

    // Each of its tests has an instance of its own, as a runner gives it.
    private static Promise Run(MethodInfo test, object suite)
    {
        try
        {
            test.Invoke(suite, BindingFlags.DoNotWrapExceptions, null, null, null);
            return new(test.Name, null, null);
        }
        catch (Exception failure)
        {
            return failure.Message.StartsWith(DynamicSkipToken.Value, StringComparison.Ordinal)
                ? new(test.Name, null, failure.Message[DynamicSkipToken.Value.Length..])
                : new(test.Name, failure is IAssertionException ? failure.Message : $"it threw {failure.GetType().Name}: {failure.Message}", null);
        }
    }

    private sealed class OptimizerSuite(Func<IOptimizer> create) : OptimizerContract
    {
        protected override IOptimizer Create() => create();
    }

    private sealed class CorrectionSuite(Func<ICorrection> create) : CorrectionContract
    {
        protected override ICorrection Create() => create();
    }
}
