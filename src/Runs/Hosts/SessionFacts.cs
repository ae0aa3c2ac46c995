using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Engine;

namespace Orchestrator.Runs;

/// <summary>
/// What worker hosts are told of a run, and must match: whatever a gradient's bits depend on.
/// </summary>
internal static class SessionFacts
{
    public static SessionDescription Describe(ResolvedPipeline pipeline, Experiment experiment)
    {
        var facts = new Dictionary<string, string>
        {
            ["program version"] = RunSession.ProgramVersion,
            ["kernel path"] = experiment.Objective.KernelPath,
            ["pipeline digest"] = Digest(pipeline.CanonicalJson),
            ["layout digest"] = Digest(string.Join('\n', Tensors(experiment.Objective.Layout))),
            ["data digest"] = experiment.Data.Fingerprint,
        };

        // What is computed counts, not whether it was compiled ahead: hosts may have been published
        // otherwise than the run's program.
        foreach (var assembly in Provenance.Program)
        {
            facts[$"code of {assembly.Assembly}"] = assembly.Code;
        }

        foreach (var plugin in Provenance.PluginsOf(pipeline))
        {
            facts[$"{plugin.Title} of {plugin.Assembly} {plugin.Version}"] = plugin.Code;
        }

        return new SessionDescription(pipeline.CanonicalJson, facts);
    }

    private static IEnumerable<string> Tensors(ParameterLayout layout) =>
        layout.Parameters.Concat(layout.Buffers).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Name} {string.Join('x', t.Shape)} {t.Offset}"));

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
