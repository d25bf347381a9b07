"""What accounts offers to the API."""

from accounts.api.views import OrganisationResource

RESOURCES = (("organisations", OrganisationResource),)
