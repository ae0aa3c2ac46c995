using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Abstractions;

namespace Orchestrator.Runs;

/// <summary>
/// A file in which a run's server says where it is, for worker hosts that share the folder: its
/// address, and the token file beside it. The server's user alone can read either.
/// </summary>
/// <param name="Address">As for <c>worker --server</c>.</param>
/// <param name="TokenFile">Full path; null where no token is needed.</param>
public sealed record Rendezvous(string Address, string? TokenFile)
{
    private const int LargestFile = 1 << 16;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where the token lies unless told otherwise.</summary>
    public static string TokenOf(string file) => Path.GetFullPath(file) + ".token";

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="TransportException">It cannot be written.</exception>
    public void Write(string file)
    {
        var made = $"{file}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using (var stream = new FileStream(made, options))
            {
                JsonSerializer.Serialize(stream, this, RendezvousJson.Default.Rendezvous);
            }

            File.Move(made, file, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TransportException($"{file}: cannot be written, and no worker host would find the run: {failure.Message}", failure);
        }
    }

    /// <summary>Reads the file; null where no server has written it yet.</summary>
    /// <exception cref="TransportException">It is something else.</exception>
    public static Rendezvous? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(RegularFile.ReadAllBytes(file, LargestFile), RendezvousJson.Default.Rendezvous);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TransportException($"{file}: no server has said there where it is: {failure.Message}", failure);
        }
    }

    /// <summary>Removes the file where it still says this; the next server may have written
    /// it.</summary>
    public void Remove(string file)
    {
        try
        {
            if (Read(file) == this)
            {
                File.Delete(file);
            }
        }
        catch (Exception failure) when (failure is TransportException or IOException or UnauthorizedAccessException)
        {
            // Nobody answers at that address any more; who reads it waits for the next server.
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Rendezvous))]
internal sealed partial class RendezvousJson : JsonSerializerContext;
