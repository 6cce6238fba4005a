using Weft.Api.Documents;
using Weft.Resources;

namespace Weft.Control;

/// <summary>A change that is valid and not made.</summary>
/// <param name="Now">The namespace as it is.</param>
/// <param name="Then">Its documents as they would be.</param>
/// <param name="Difference">What would change, line by line.</param>
internal sealed record ChangePlan(NamespaceModel Now, ResourceSet Then, ApplyResult Difference);
