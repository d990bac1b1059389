"""Starts MiniStack, corrected where it is wrong about AWS in what the wire tests look at. It is configured by the environment."""

import json
import uuid

from ministack import app
from ministack.app import main
from ministack.services import ec2, eventbridge, sns, ssm
from ministack.services.ec2 import _error, _p, _parse_filters, _parse_member_list, _resource_matches_tag_filters, _xml


def replaces(action):
    """Puts a function in the place of an EC2 action; it is given the one that was there."""

    def put(function):
        original = ec2._ACTION_MAP.get(action)
        ec2._ACTION_MAP[action] = lambda p: function(original, p)
        return function

    return put


def refuses(action, code):
    """Refuses an EC2 action with the sentence that the function returns, and does it where it returns none."""

    def put(function):
        @replaces(action)
        def checked(original, p):
            sentence = function(p)
            return _error(code, sentence, 400) if sentence else original(p)

        return function

    return put


def interfaces(**wanted):
    return [eni for eni in ec2._network_interfaces.values() if all(eni[key] == value for key, value in wanted.items())]


def new_interface(p, subnet_id, attachment, private_ip=None, groups=(), description=""):
    """Makes the network interface that AWS makes with an instance or a NAT gateway."""
    before = set(ec2._network_interfaces)
    ec2._create_network_interface({"SubnetId": subnet_id, "Description": description})
    (eni_id,) = set(ec2._network_interfaces) - before
    eni = ec2._network_interfaces[eni_id]
    names = {group: ec2._security_groups.get(group, {}).get("GroupName", group) for group in groups}
    eni.update(
        Status="in-use",
        Attachment={"AttachmentId": f"eni-attach-{eni_id[4:]}", "InstanceId": attachment, "AttachTime": ec2._now_ts()},
        Groups=[{"GroupId": group, "GroupName": name} for group, name in names.items()],
    )
    if private_ip:
        eni["PrivateIpAddress"] = private_ip
    ec2._parse_tag_specs(p, "network-interface", eni_id)


def drop_interfaces(attachment):
    for eni in interfaces():
        if (eni["Attachment"] or {}).get("InstanceId") == attachment:
            del ec2._network_interfaces[eni["NetworkInterfaceId"]]


# Every zone offers every instance type here.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html
@replaces("DescribeInstanceTypeOfferings")
def describe_instance_type_offerings(_, p):
    types = _parse_filters(p).get("instance-type", ["t4g.micro"])
    items = "".join(
        f"<item><instanceType>{one}</instanceType><locationType>availability-zone</locationType><location>{ec2.get_region()}{zone}</location></item>"
        for one in types
        for zone in "abc"
    )
    return _xml(200, "DescribeInstanceTypeOfferingsResponse", f"<instanceTypeOfferingSet>{items}</instanceTypeOfferingSet>")


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
@replaces("GetConsoleOutput")
def get_console_output(_, p):
    return _xml(200, "GetConsoleOutputResponse", f"<instanceId>{_p(p, 'InstanceId')}</instanceId><output></output>")


# An instance stands where its first network interface is described; that interface and its disk carry their tags.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
@replaces("RunInstances")
def run_instances(original, p):
    first = "NetworkInterface.1."
    groups = _parse_member_list(p, f"{first}SecurityGroupId") or _parse_member_list(p, "SecurityGroupId")
    moved = {f"SecurityGroupId.{n}": group for n, group in enumerate(groups, 1)}
    for key in ("SubnetId", "PrivateIpAddress"):
        moved[key] = _p(p, first + key) or _p(p, key)
    before = set(ec2._instances)
    answer = original({**p, **moved})
    for instance_id in set(ec2._instances) - before:
        instance = ec2._instances[instance_id]
        instance["DisableApiTermination"] = _p(p, "DisableApiTermination") == "true"
        new_interface(p, instance["SubnetId"], instance_id, instance["PrivateIpAddress"], groups)
        for mapping in instance["BlockDeviceMappings"]:
            ec2._parse_tag_specs(p, "volume", mapping["Ebs"]["VolumeId"])
    return answer


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
@replaces("ModifyInstanceAttribute")
def modify_instance_attribute(_, p):
    instance = ec2._instances.get(_p(p, "InstanceId"))
    if not instance:
        return _error("InvalidInstanceID.NotFound", f"The instance ID '{_p(p, 'InstanceId')}' does not exist", 400)
    instance["DisableApiTermination"] = _p(p, "DisableApiTermination.Value") == "true"
    return _xml(200, "ModifyInstanceAttributeResponse", "<return>true</return>")


@replaces("DescribeInstanceAttribute")
def describe_instance_attribute(original, p):
    instance = ec2._instances.get(_p(p, "InstanceId"))
    if not instance or _p(p, "Attribute") != "disableApiTermination":
        return original(p)
    value = "true" if instance.get("DisableApiTermination") else "false"
    inner = f"<instanceId>{_p(p, 'InstanceId')}</instanceId><disableApiTermination><value>{value}</value></disableApiTermination>"
    return _xml(200, "DescribeInstanceAttributeResponse", inner)


@refuses("TerminateInstances", "OperationNotPermitted")
def terminate_protected(p):
    for instance_id in _parse_member_list(p, "InstanceId"):
        if ec2._instances.get(instance_id, {}).get("DisableApiTermination"):
            return f"The instance '{instance_id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again."


# What an instance was started with ends with it.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html
@replaces("TerminateInstances")
def terminate_instances(original, p):
    answer = original(p)
    for instance_id in _parse_member_list(p, "InstanceId"):
        if ec2._instances.get(instance_id, {}).get("State", {}).get("Name") == "terminated":
            drop_interfaces(instance_id)
            for mapping in ec2._instances[instance_id]["BlockDeviceMappings"]:
                ec2._volumes.pop(mapping["Ebs"]["VolumeId"], None)
    return answer


# A NAT gateway has a network interface in its subnet with the private address that it is given, shows its addresses, and holds them until it is deleted.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
@replaces("CreateNatGateway")
def create_nat_gateway(original, p):
    before = set(ec2._nat_gateways)
    answer = original(p)
    for nat_id in set(ec2._nat_gateways) - before:
        new_interface(p, _p(p, "SubnetId"), nat_id, _p(p, "PrivateIpAddress"), description=f"Interface for NAT Gateway {nat_id}")
        address = ec2._addresses.get(_p(p, "AllocationId"))
        if address:
            address["AssociationId"] = f"eipassoc-{nat_id[4:]}"
    return answer


@replaces("DescribeNatGateways")
def describe_nat_gateways(original, p):
    status, headers, body = original(p)
    text = body.decode()
    for nat_id, nat in ec2._nat_gateways.items():
        address = ec2._addresses.get(nat["AllocationId"], {})
        own = [eni for eni in interfaces() if (eni["Attachment"] or {}).get("InstanceId") == nat_id]
        private = own[0]["PrivateIpAddress"] if own else ""
        item = f"<allocationId>{nat['AllocationId']}</allocationId><publicIp>{address.get('PublicIp', '')}</publicIp><privateIp>{private}</privateIp>"
        head, found, tail = text.partition(f"<natGatewayId>{nat_id}</natGatewayId>")
        shown = f"<natGatewayAddressSet><item>{item}</item></natGatewayAddressSet>"
        text = head + found + tail.replace("<natGatewayAddressSet/>", shown, 1)
    return status, headers, text.encode()


@replaces("DeleteNatGateway")
def delete_nat_gateway(original, p):
    answer = original(p)
    nat = ec2._nat_gateways.get(_p(p, "NatGatewayId"))
    if nat:
        drop_interfaces(nat["NatGatewayId"])
        if nat["AllocationId"] in ec2._addresses:
            ec2._addresses[nat["AllocationId"]]["AssociationId"] = None
    return answer


# https://github.com/kubernetes/kops/issues/938
@refuses("ReleaseAddress", "AuthFailure")
def release_used(p):
    if ec2._addresses.get(_p(p, "AllocationId"), {}).get("AssociationId"):
        return "You do not have permission to access the specified resource."


def filtered(action, store, key, fields):
    """Makes a Describe of EC2 heed its filters: those by tag, and those by the fields, whose filter's name stands beside them."""

    @replaces(action)
    def describe(original, p):
        filters = _parse_filters(p)
        matching = [
            awsId
            for awsId, one in store.items()
            if _resource_matches_tag_filters(awsId, filters)
            and all(any(ec2._glob_match(value, one[field]) for value in filters.get(name, ["*"])) for name, field in fields.items())
        ]
        asked = _parse_member_list(p, key) or matching
        return original({**p, **{f"{key}.{n}": awsId for n, awsId in enumerate([one for one in asked if one in matching] or ["none"], 1)}})


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html
filtered("DescribeAddresses", ec2._addresses, "AllocationId", {})
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
filtered(
    "DescribeNetworkInterfaces",
    ec2._network_interfaces,
    "NetworkInterfaceId",
    {"subnet-id": "SubnetId", "vpc-id": "VpcId", "description": "Description", "status": "Status"},
)


# What cannot go before something else has gone. Sources: the pages of these actions in
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html, and https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html
@refuses("DeleteSecurityGroup", "DependencyViolation")
def delete_used_group(p):
    group_id = _p(p, "GroupId")
    carried = any(group["GroupId"] == group_id for eni in interfaces() for group in eni["Groups"])
    named = any(
        pair.get("GroupId") == group_id
        for other_id, other in ec2._security_groups.items()
        if other_id != group_id
        for rule in other["IpPermissions"] + other["IpPermissionsEgress"]
        for pair in rule.get("UserIdGroupPairs", [])
    )
    return f"resource {group_id} has a dependent object" if carried or named else None


@refuses("DeleteSubnet", "DependencyViolation")
def delete_used_subnet(p):
    subnet_id = _p(p, "SubnetId")
    return f"The subnet '{subnet_id}' has dependencies and cannot be deleted." if interfaces(SubnetId=subnet_id) else None


@refuses("DetachInternetGateway", "DependencyViolation")
def detach_used_gateway(p):
    if interfaces(VpcId=_p(p, "VpcId"), Status="in-use"):
        return f"Network {_p(p, 'VpcId')} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."


@refuses("DeleteInternetGateway", "DependencyViolation")
def delete_attached_gateway(p):
    gateway_id = _p(p, "InternetGatewayId")
    attached = ec2._internet_gateways.get(gateway_id, {}).get("Attachments")
    return f"The internetGateway '{gateway_id}' has dependencies and cannot be deleted." if attached else None


@refuses("DeleteRouteTable", "DependencyViolation")
def delete_used_table(p):
    table_id = _p(p, "RouteTableId")
    used = ec2._route_tables.get(table_id, {}).get("Associations")
    return f"The routeTable '{table_id}' has dependencies and cannot be deleted." if used else None


@refuses("DeleteVpc", "DependencyViolation")
def delete_used_vpc(p):
    vpc_id = _p(p, "VpcId")
    tables = [table for table in ec2._route_tables.values() if table["VpcId"] == vpc_id]
    own = [table for table in tables if not any(one.get("Main") for one in table["Associations"])]
    endpoints = [one for one in ec2._vpc_endpoints.values() if one["VpcId"] == vpc_id]
    used = own or endpoints or interfaces(VpcId=vpc_id)
    return f"The vpc '{vpc_id}' has dependencies and cannot be deleted." if used else None


# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html
delete_any_rule = eventbridge._delete_rule


def delete_rule(data):
    if eventbridge._targets.get(eventbridge._rule_key(data.get("Name"), data.get("EventBusName", "default"))):
        return eventbridge.error_response_json("ValidationException", "Rule can't be deleted since it has targets.", 400)
    return delete_any_rule(data)


eventbridge._delete_rule = delete_rule

# https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
ssm._PUBLIC_AMI_PARAMETERS["/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"] = "ami-0a12345678901234f"


# The quotas that a new account has: VPCs, internet gateways, NAT gateways of a zone, Elastic IP addresses, and vCPUs of standard instances.
# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
quotas = dict.fromkeys(["L-F678F1CE", "L-A4707A72", "L-FE5A380F", "L-0263D0A3", "L-1216C47A"], 5.0)


async def get_service_quota(method, path, headers, body, query_params):
    code = json.loads(body)["QuotaCode"]
    answer_headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-RequestId": str(uuid.uuid4())}
    if code not in quotas:
        return 400, answer_headers, json.dumps({"__type": "NoSuchResourceException", "Message": "There is no such quota."}).encode()
    return 200, answer_headers, json.dumps({"Quota": {"QuotaCode": code, "Value": quotas[code]}}).encode()


app.SERVICE_HANDLERS["servicequotas"] = get_service_quota


# A message says something.
# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, https://github.com/sricola/pyAmazonSNS/pull/3
publish_anything = sns._publish


def publish(p):
    if not _p(p, "Message"):
        return sns._error("InvalidParameter", "Invalid parameter: Empty message", 400)
    return publish_anything(p)


sns._publish = publish


# A subscription by e-mail is pending until its reader confirms it, and has no ARN until then.
# https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
subscribe_confirmed = sns._subscribe


def subscribe(p):
    answer = subscribe_confirmed(p)
    topic, _ = sns._get_topic(_p(p, "TopicArn"))
    for one in topic["subscriptions"] if topic else []:
        if one["protocol"] == "email":
            one["confirmed"] = False
            one["attributes"]["PendingConfirmation"] = "true"
    return answer


def hides_pending(listing):
    def hidden(p):
        status, headers, body = listing(p)
        text = body.decode()
        for topic in sns._topics.values():
            for one in topic["subscriptions"]:
                if not one["confirmed"]:
                    text = text.replace(f">{one['arn']}<", ">PendingConfirmation<")
        return status, headers, text.encode()

    return hidden


sns._subscribe = subscribe
sns._list_subscriptions = hides_pending(sns._list_subscriptions)
sns._list_subscriptions_by_topic = hides_pending(sns._list_subscriptions_by_topic)


if __name__ == "__main__":
    main()
