using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Composition.Tests;

/// <summary>Asks ajv, an implementation of JSON schema that is not ours.</summary>
internal static class SchemaCheck
{
    private static readonly Lock Gate = new();

    /// <summary>Per document, what is wrong with it.</summary>
    public static Dictionary<string, string[]> Run(string schema, IReadOnlyDictionary<string, string> documents, CancellationToken cancellation)
    {
        var input = new JsonObject
        {
            ["schema"] = JsonNode.Parse(schema),
            ["documents"] = new JsonArray([.. documents.Select(d => new JsonObject { ["name"] = d.Key, ["document"] = JsonNode.Parse(d.Value) })]),
        };
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(
            Node("node", "validate.js", Installed(cancellation), input.ToJsonString(), cancellation))!;
    }

    private static string Installed(CancellationToken cancellation)
    {
        var folder = Path.Combine(Repository.Root, "tests/Composition.Tests/Schema/ajv");
        lock (Gate)
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules", "ajv")))
            {
                Node(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci --no-audit --no-fund", folder, "", cancellation);
            }
        }

        return folder;
    }

    private static string Node(string program, string arguments, string folder, string input, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            using var killed = cancellation.Register(() => process.Kill(entireProcessTree: true));
            process.WaitForExit();
            var isRestore = program.StartsWith("npm", StringComparison.Ordinal);
            Assert.SkipWhen(isRestore && process.ExitCode != 0, "skipped: npm could not restore ajv");
            Assert.True(process.ExitCode == 0, errors.Result);
            return output.Result;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"skipped: {program} not found");
            throw;
        }
    }
}
