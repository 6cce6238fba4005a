namespace Weft.Cli.Invocation;

/// <summary>What the user gave cannot be used. The message is all that is shown, as it is.</summary>
internal sealed class InvalidInputException(string message) : Exception(message);
