using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;

namespace Orchestrator.Runs;

/// <summary>What worker hosts are told of a run, and must match: whatever a gradient's bits depend on.</summary>
public static class SessionFacts
{
    public static SessionDescription Describe(ResolvedPipeline pipeline, Experiment experiment) => new(pipeline.CanonicalJson, new Dictionary<string, string>
    {
        ["program version"] = RunSession.ProgramVersion,
        ["kernel path"] = experiment.Objective.KernelPath,
        ["pipeline digest"] = Digest(pipeline.CanonicalJson),
        ["layout digest"] = Digest(string.Join('\n', Tensors(experiment.Objective.Layout))),
        ["data digest"] = experiment.Data.Fingerprint,
    });

    private static IEnumerable<string> Tensors(ParameterLayout layout) =>
        layout.Parameters.Concat(layout.Buffers).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Name} {string.Join('x', t.Shape)} {t.Offset}"));

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
